using System.Diagnostics;
using System.Globalization;
using System.Runtime.Versioning;
using MeshNode.Mesh.Identity;
using MeshNode.Rtc;

namespace MeshNode.Mesh.Tests.Identity;

[UnsupportedOSPlatform("windows")]
public sealed class IdentityStoreTests : IDisposable
{
    private readonly TemporaryDirectory _temporary = new();
    private readonly SeededRandomSource _random = new(1);

    private string Data => _temporary.File("data");

    public void Dispose() => _temporary.Dispose();

    [Fact]
    public void First_run_makes_an_identity_that_the_next_run_finds()
    {
        PeerId id;
        BootNonce bootNonce;
        using (var first = Open())
        {
            id = first.Id;
            bootNonce = first.BootNonce;
            Assert.Equal(1u, first.BootCounter);
            Assert.True(first.Bundle.Verify());
        }

        using var second = Open();
        Assert.Equal(id, second.Id);
        Assert.Equal(2u, second.BootCounter);
        Assert.NotEqual(bootNonce, second.BootNonce);
    }

    [Fact]
    public void Stored_keys_sign_and_agree_as_the_bundle_says()
    {
        Open().Dispose();
        using var identity = Open();
        var signature = identity.Sign("context\0"u8, "message"u8);

        Assert.True(P256.Verify(identity.Bundle.SigningKey, "context\0message"u8, signature));
        using var other = TestIdentity.Create("other");
        Assert.Equal(other.Agree(identity.Bundle.KemKey), identity.Agree(other.Bundle.KemKey));
    }

    [Fact]
    public void Every_file_is_for_the_owner_only()
    {
        Open().Dispose();

        Assert.Equal(OwnerOnlyFile.DirectoryMode, File.GetUnixFileMode(Data));
        Assert.All(Directory.GetFiles(Data), file => Assert.Equal(OwnerOnlyFile.Mode, File.GetUnixFileMode(file)));
    }

    [Theory]
    [InlineData("root.key")]
    [InlineData("signing.key")]
    [InlineData("kem.key")]
    [InlineData("boot-counter")]
    [InlineData("bundle")]
    public void File_that_others_can_read_is_refused_by_name(string name)
    {
        Open().Dispose();
        var path = Path.Combine(Data, name);
        File.SetUnixFileMode(path, OwnerOnlyFile.Mode | UnixFileMode.GroupRead | UnixFileMode.OtherRead);

        var error = Assert.Throws<IdentityException>(Open);

        Assert.Contains($"{path} has mode 0644", error.Message, StringComparison.Ordinal);
        Assert.Contains($"chmod 600 {path}", error.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Directory_that_others_can_read_is_refused()
    {
        Open().Dispose();
        File.SetUnixFileMode(Data, OwnerOnlyFile.DirectoryMode | UnixFileMode.OtherRead);

        Assert.Contains($"chmod 700 {Data}", Assert.Throws<IdentityException>(Open).Message, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("root.key")]
    [InlineData("signing.key")]
    [InlineData("kem.key")]
    [InlineData("boot-counter")]
    [InlineData("bundle")]
    public void Damaged_file_is_refused_by_name_and_releases_the_lock(string name)
    {
        Open().Dispose();
        var path = Path.Combine(Data, name);
        var content = OwnerOnlyFile.Read(path);
        OwnerOnlyFile.Write(path, "damaged");

        var error = Assert.Throws<IdentityException>(Open);
        Assert.Contains(path, error.Message, StringComparison.Ordinal);
        Assert.DoesNotContain('\n', error.Message);

        OwnerOnlyFile.Write(path, content);
        Open().Dispose();
    }

    [Theory]
    [InlineData("signing.key")]
    [InlineData("kem.key")]
    [InlineData("root.key")]
    public void Key_of_another_identity_is_refused(string name)
    {
        Open().Dispose();
        var other = _temporary.File("other");
        IdentityStore.OpenOrCreate(other, _random).Dispose();
        File.Copy(Path.Combine(other, name), Path.Combine(Data, name), overwrite: true);

        Assert.Contains("does not belong", Assert.Throws<IdentityException>(Open).Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Boot_counter_that_is_missing_beside_keys_is_refused_rather_than_set_back()
    {
        Open().Dispose();
        File.Delete(Path.Combine(Data, "boot-counter"));

        Assert.Contains("boot-counter is missing", Assert.Throws<IdentityException>(Open).Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Creation_that_was_cut_short_starts_over()
    {
        Open().Dispose();
        File.Delete(Path.Combine(Data, "root.key")); // written last

        using var identity = Open();
        Assert.Equal(1u, identity.BootCounter);
        Assert.True(identity.Bundle.Verify());
    }

    [Fact]
    public void Second_opener_is_told_who_has_the_directory()
    {
        using var first = Open();

        var error = Assert.Throws<IdentityException>(Open);

        Assert.Contains($"{Data} is locked by process {Environment.ProcessId}", error.Message, StringComparison.Ordinal);
        Assert.DoesNotContain('\n', error.Message);
    }

    [Fact]
    public void Lock_holds_against_another_process_and_ends_with_its_holder()
    {
        Open().Dispose();
        using var holder = Process.Start(new ProcessStartInfo("flock", ["-n", Path.Combine(Data, "lock"), "sh", "-c", "echo held; read line"])
        {
            RedirectStandardOutput = true,
            RedirectStandardInput = true,
        })!;
        Assert.Equal("held", holder.StandardOutput.ReadLine());

        Assert.Contains("is locked by", Assert.Throws<IdentityException>(Open).Message, StringComparison.Ordinal);

        holder.StandardInput.Close();
        Assert.True(holder.WaitForExit(30_000));
        Open().Dispose();
    }

    [Fact]
    public void Boot_counter_is_stored_as_text()
    {
        Open().Dispose();
        OwnerOnlyFile.Write(Path.Combine(Data, "boot-counter"), "41\n");
        using var identity = Open();

        Assert.Equal(42u, identity.BootCounter);
        Assert.Equal("42", OwnerOnlyFile.ReadText(Path.Combine(Data, "boot-counter")));
        Assert.Equal((42ul << 32) + 1, identity.CreateSequenceSource().Next());
        Assert.Equal(Environment.ProcessId.ToString(CultureInfo.InvariantCulture), OwnerOnlyFile.ReadText(Path.Combine(Data, "pid")));
    }

    private NodeIdentity Open() => IdentityStore.OpenOrCreate(Data, _random);
}
