using Laurel.System.Tests.Storage;

namespace Laurel.System.Tests.Server;

/// <summary>Requests that are sent again.</summary>
public sealed class ReplayTests
{
    [Theory, Stores]
    public async Task A_request_that_is_sent_again_gets_the_same_answer_also_after_a_restart(string engine)
    {
        using var store = Store.Empty(engine);
        var clock = new SetClock(new(2025, 6, 1, 0, 0, 0, TimeSpan.Zero));
        await using var server = await Running.Start(store, clock: clock);
        var first = (await Enrol(server, "r1", "ada")).Expect(201);
        var again = (await Enrol(server, "r1", "ada")).Expect(201);
        Assert.Equal((first.Body, null, "true", first.Header("Laurel-Position")), (again.Body, first.Header("Idempotency-Replayed"), again.Header("Idempotency-Replayed"), again.Header("Laurel-Position")));

        await server.Restart();
        Assert.Equal((first.Body, "true"), ((await Enrol(server, "r1", "ada")).Expect(201).Body, (await Enrol(server, "r1", "ada")).Header("Idempotency-Replayed")));
        (await Enrol(server, "r1", "ben")).ExpectProblem(422, "idempotency-key-reused");
        (await server.Ask("PUT members/ada", """{"at":"2024-03-02"}""", headers: "Idempotency-Key: r1")).ExpectProblem(422, "idempotency-key-reused");
        Assert.Equal(1, await store.Count("facts WHERE subject IS NOT NULL"));

        // After a week it is a request like any other; the fact is the same all the same.
        clock.Now += TimeSpan.FromDays(7);
        var late = (await Enrol(server, "r1", "ada")).Expect(200);
        Assert.Null(late.Header("Idempotency-Replayed"));
        Assert.Equal("unchanged", (string)late.Json["verdict"]!);
    }

    [Theory, Stores]
    public async Task What_was_refused_is_refused_again_with_the_same_words(string engine)
    {
        using var store = Store.Empty(engine);
        await using var server = await Running.Start(store);
        const string Wrong = """{"id":"1","source":"t","type":"plan.sold","subject":"site/s1","time":"2024-03-01"}""";
        var first = (await server.Ask("POST facts", Wrong, headers: "Idempotency-Key: r1")).ExpectProblem(422, "fact-refused");
        var again = (await server.Ask("POST facts", Wrong, headers: "Idempotency-Key: r1")).ExpectProblem(422, "fact-refused");
        Assert.Equal((first.Body, "true"), (again.Body, again.Header("Idempotency-Replayed")));
        (await server.Ask("POST facts", Wrong, headers: $"Idempotency-Key: {new string('x', 256)}")).ExpectProblem(400, "invalid-parameter");
    }

    [Fact]
    public async Task Of_many_that_are_sent_at_once_one_is_done()
    {
        using var store = Store.Empty("sqlite");
        await using var server = await Running.Start(store);
        var answers = await Task.WhenAll(Enumerable.Range(0, 8).Select(_ => server.Ask("POST facts/retractions", """{"source":"s","id":"1"}""", headers: "Idempotency-Key: r1")));
        Assert.All(answers, a => Assert.True(a.Status == 201 || a.Problem == "in-flight", a.Body));
        Assert.Equal(1, await store.Count("facts WHERE id NOT LIKE 'edition/%'"));
    }

    [Fact]
    public async Task One_key_knows_nothing_of_the_requests_of_another()
    {
        using var store = Store.Empty("sqlite");
        await using var server = await Running.Start(store);
        (await Enrol(server, "r1", "ada")).Expect(201);
        var other = (string)(await server.Ask("POST /v1/keys", """{"name":"other","scopes":["operate"]}""")).Expect(201).Json["secret"]!;
        Assert.Null((await server.Ask("PUT members/ben", """{"at":"2024-03-01"}""", key: other, headers: "Idempotency-Key: r1")).Expect(201).Header("Idempotency-Replayed"));
    }

    private static Task<Answered> Enrol(Running server, string request, string member) => server.Ask($"PUT members/{member}", """{"at":"2024-03-01"}""", headers: $"Idempotency-Key: {request}");
}
