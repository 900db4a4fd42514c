namespace Laurel.Engine.Tests.House;

public sealed class CodeTextTests
{
    [Theory]
    [InlineData("a // b\nc", "a \nc")]
    [InlineData("a /* b\n */ c", "a \n c")]
    [InlineData("""f("b\"b", 'c', '\'', '"') + d""", "f(, , , ) + d")]
    [InlineData("""f("") + d""", "f() + d")]
    [InlineData("f(@\"b\"\"b\\\") + d", "f(@) + d")]
    [InlineData("f(\"\"\"\nb \"\" b\n\"\"\") + d", "f(\n\n) + d")]
    [InlineData("f($\"{x}\") + d // e", "f($) + d ")]
    public void Keeps_code_alone(string source, string code) => Assert.Equal(code, CodeText.Of(source));
}
