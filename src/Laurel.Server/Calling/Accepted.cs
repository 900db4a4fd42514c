using Microsoft.Net.Http.Headers;

namespace Laurel.Server.Calling;

/// <summary>What a caller would have an answer be.</summary>
internal static class Accepted
{
    private const string Json = "application/json";

    /// <summary>True where a caller would rather have a type than JSON, which is what an answer is where nothing is said, or nothing that there is.</summary>
    public static bool Prefers(HttpRequest request, string type) =>
        MediaTypeHeaderValue.TryParseList(request.Headers.Accept, out var wanted)
        && wanted.Where(w => w.Quality is not 0).OrderByDescending(w => w.Quality ?? 1).Select(w => w.MediaType.ToString().ToLowerInvariant()).FirstOrDefault(w => w == type || w is Json or "*/*") == type;
}
