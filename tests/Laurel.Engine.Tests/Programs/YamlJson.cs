using System.Globalization;
using System.Text.RegularExpressions;
using Laurel.Engine.Programs.Reading;
using Newtonsoft.Json.Linq;

namespace Laurel.Engine.Tests.Programs;

/// <summary>YAML as an editor sees it that checks by a JSON Schema: plain scalars have the types of YAML's core schema.</summary>
internal static partial class YamlJson
{
    public static JToken Of(YamlNode node) => node switch
    {
        YamlNode.Map map => new JObject(map.Entries.Select(entry => new JProperty(entry.Name, Of(entry.Value)))),
        YamlNode.List list => new JArray(list.Items.Select(Of)),
        YamlNode.Scalar { Plain: true } plain => Typed(plain.Text),
        YamlNode.Scalar quoted => new JValue(quoted.Text),
        _ => throw new System.Diagnostics.UnreachableException(),
    };

    private static JValue Typed(string text) => text switch
    {
        "" or "~" or "null" => JValue.CreateNull(),
        "true" or "false" => new JValue(text == "true"),
        _ when Whole().IsMatch(text) => new JValue(long.Parse(text, CultureInfo.InvariantCulture)),
        _ when Real().IsMatch(text) => new JValue(double.Parse(text, CultureInfo.InvariantCulture)),
        _ => new JValue(text),
    };

    [GeneratedRegex("^[-+]?[0-9]{1,18}$")]
    private static partial Regex Whole();

    [GeneratedRegex(@"^[-+]?(\.[0-9]+|[0-9]+\.[0-9]*)([eE][-+]?[0-9]+)?$")]
    private static partial Regex Real();
}
