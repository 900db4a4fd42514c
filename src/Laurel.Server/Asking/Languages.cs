using Laurel.Engine.Explaining;
using Laurel.Engine.Programs;
using Microsoft.Net.Http.Headers;

namespace Laurel.Server.Asking;

/// <summary>In which language sentences are.</summary>
internal static class Languages
{
    /// <summary>The phrase book of the first language that is asked for and that there are sentences in; else of English.</summary>
    public static PhraseBook BookOf(HttpContext context, Vocabulary vocabulary)
    {
        var wanted = StringWithQualityHeaderValue.TryParseList(context.Request.Headers.AcceptLanguage, out var parsed) ? parsed : [];
        var language = wanted.Where(w => w.Quality is null or > 0).OrderByDescending(w => w.Quality ?? 1).Select(w => w.Value.ToString()).FirstOrDefault(w => PhraseBook.Languages.Contains(w.Split('-')[0]));
        var book = PhraseBook.In(language ?? "en", vocabulary);
        context.Response.Headers.ContentLanguage = book.Language;
        context.Response.Headers.Vary = HeaderNames.AcceptLanguage;
        return book;
    }
}
