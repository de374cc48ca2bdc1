using System.Text.Json.Nodes;
using System.Text.Json.Serialization;

namespace MeshNode.Persistence.Tests;

/// <summary>Contracts that have a past, as a program's would: each older version stands in the golden files.</summary>
internal static partial class BankEvents
{
    /// <summary>Version 1: {"amount": 5}. Version 2: {"cents": 500}. Version 3: {"cents": 500, "currency": "EUR"}.</summary>
    internal sealed record Deposited(long Cents, string Currency);

    /// <summary>Version 1: {"Name": "A B"}. Version 2: {"First": "A", "Last": "B"}.</summary>
    internal sealed record Renamed(string First, string Last);

    internal sealed record RenamedV1(string Name);

    /// <summary>Was written as "opened-account" once.</summary>
    internal sealed record Opened(Guid Account, IReadOnlyList<string> Owners);

    internal sealed record BalanceSnapshot(long Cents, IReadOnlyDictionary<string, long> ByCurrency);

    [JsonSourceGenerationOptions(PropertyNamingPolicy = JsonKnownNamingPolicy.CamelCase)]
    [JsonSerializable(typeof(Deposited))]
    [JsonSerializable(typeof(Opened))]
    internal sealed partial class Json : JsonSerializerContext;

    public static EventTypes Types() => new EventTypes()
        .Add("deposited", 3, Json.Default.Deposited)
        .Upcast("deposited", 1, json => new JsonObject { ["cents"] = json["amount"]!.GetValue<long>() * 100 })
        .Upcast("deposited", 2, json =>
        {
            json["currency"] = "EUR";
            return json;
        })
        .Add<Renamed>("renamed", 2)
        .Upcast<RenamedV1, Renamed>("renamed", 1, old => new Renamed(old.Name.Split(' ')[0], old.Name.Split(' ')[1]))
        .Add("opened", 1, Json.Default.Opened)
        .Rename("opened-account", "opened")
        .Retire("printed")
        .UpcastToMany("transferred", 1, json =>
        [
            new UpcastEvent("deposited", 1, new JsonObject { ["amount"] = -json["amount"]!.GetValue<long>() }),
            new UpcastEvent("deposited", 2, new JsonObject { ["cents"] = json["amount"]!.GetValue<long>() * 100 }),
        ])
        .Add<BalanceSnapshot>("balance", 2)
        .Upcast("balance", 1, json => new JsonObject { ["Cents"] = json["Cents"]!.DeepClone(), ["ByCurrency"] = new JsonObject { ["EUR"] = json["Cents"]!.DeepClone() } });
}
