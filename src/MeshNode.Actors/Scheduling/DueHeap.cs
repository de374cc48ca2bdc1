namespace MeshNode.Actors;

/// <summary>Binary heap by due time, then by order of scheduling; each item knows its place, so that removal is O(log n).</summary>
internal sealed class DueHeap
{
    private ScheduledWork[] _items = new ScheduledWork[16];

    public int Count { get; private set; }

    public ScheduledWork? First => Count > 0 ? _items[0] : null;

    public void Push(ScheduledWork item)
    {
        if (Count == _items.Length)
        {
            Array.Resize(ref _items, Count * 2);
        }

        MoveUp(Count++, item);
    }

    public bool Remove(ScheduledWork item)
    {
        var index = item.Where;
        if (index < 0)
        {
            return false;
        }

        item.Where = ScheduledWork.Nowhere;
        var last = _items[--Count];
        _items[Count] = null!;
        if (index < Count)
        {
            if (index > 0 && IsBefore(last, _items[(index - 1) / 2]))
            {
                MoveUp(index, last);
            }
            else
            {
                MoveDown(index, last);
            }
        }

        return true;
    }

    private static bool IsBefore(ScheduledWork left, ScheduledWork right) =>
        left.Due < right.Due || (left.Due == right.Due && left.Order < right.Order);

    private void MoveUp(int index, ScheduledWork item)
    {
        while (index > 0)
        {
            var parent = (index - 1) / 2;
            if (!IsBefore(item, _items[parent]))
            {
                break;
            }

            Place(index, _items[parent]);
            index = parent;
        }

        Place(index, item);
    }

    private void MoveDown(int index, ScheduledWork item)
    {
        while (true)
        {
            var child = (2 * index) + 1;
            if (child >= Count)
            {
                break;
            }

            if (child + 1 < Count && IsBefore(_items[child + 1], _items[child]))
            {
                child++;
            }

            if (!IsBefore(_items[child], item))
            {
                break;
            }

            Place(index, _items[child]);
            index = child;
        }

        Place(index, item);
    }

    private void Place(int index, ScheduledWork item)
    {
        _items[index] = item;
        item.Where = index;
    }
}
