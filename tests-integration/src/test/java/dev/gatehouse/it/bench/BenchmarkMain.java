package dev.gatehouse.it.bench;

import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.ScopeType;

import java.io.IOException;
import java.util.concurrent.Callable;

/** Runs {@code ./gatehouse bench}. */
@Command(name = "gatehouse bench",
    description = "Measures what Gatehouse does, in ratios to a bare Vert.x route.")
public final class BenchmarkMain implements Callable<Integer> {

    @Option(names = {"-h", "--help"}, usageHelp = true, scope = ScopeType.INHERIT, description = "Shows this and exits.")
    private boolean help;

    @Mixin
    private Rounds rounds;

    /** Ends the process with 0 when all was measured, 1 when something broke, 2 when the command line was wrong. */
    public static void main(String[] arguments) {
        // Ended by force, because event loops that still run would keep the process alive.
        System.exit(new CommandLine(new BenchmarkMain()).execute(arguments));
    }

    @Override
    public Integer call() throws IOException {
        Benchmark.ofWorkloads(rounds.count, rounds.seconds, rounds.only);
        return CommandLine.ExitCode.OK;
    }

    @Command(description = "Measures other servers beside these: node-oidc-provider and the MCP servers of other projects.")
    int peers(@Mixin Rounds each) throws IOException {
        Benchmark.ofPeers(each.count, each.seconds, each.only);
        return CommandLine.ExitCode.OK;
    }

    @Command(description = "Measures the grants whose tokens are stored before the answer, on SQLite and on PostgreSQL.")
    int durable(@Mixin Rounds each) throws IOException {
        Benchmark.ofDurable(each.count, each.seconds, each.only);
        return CommandLine.ExitCode.OK;
    }

    @Command(description = "Measures introspection and memory over a growing number of tokens, users and clients, and draws the curves of the documentation.")
    int growth(@Parameters(arity = "0..1", paramLabel = "TOKENS", defaultValue = "1000000",
        description = "The most tokens; ${DEFAULT-VALUE}.") int most) throws IOException {
        Growth.run(most);
        return CommandLine.ExitCode.OK;
    }

    @Command(description = "Measures calls of a tool without a policy and with policies of 100 rules.")
    int policy(@Mixin Rounds each) throws IOException {
        Benchmark.ofPolicies(each.count, each.seconds, each.only);
        return CommandLine.ExitCode.OK;
    }

    @Command(
        description = "Holds 5,000 sessions and 2,000 streams, and tells the memory they take and what calls beside them cost.")
    int soak(@Parameters(arity = "0..1", paramLabel = "MINUTES", defaultValue = "5",
        description = "How long; ${DEFAULT-VALUE}.") double minutes) throws IOException {
        Soak.run(minutes);
        return CommandLine.ExitCode.OK;
    }

    @Command(description = "Floods the authorization server with credentials, and tells how long logins and other callers take meanwhile.")
    int attacks(@Parameters(arity = "0..1", paramLabel = "SECONDS", defaultValue = "10",
        description = "How long each; ${DEFAULT-VALUE}.") double seconds) throws IOException {
        Attacks.run(seconds);
        return CommandLine.ExitCode.OK;
    }

    @Command(
        description = "Holds streams of as many tokens, and counts those that are cut and the questions that are asked about tokens.")
    int streams(@Parameters(index = "0", arity = "0..1", paramLabel = "STREAMS", defaultValue = "6000",
        description = "How many; ${DEFAULT-VALUE}.") int count, @Parameters(index = "1", arity = "0..1", paramLabel = "MINUTES",
        defaultValue = "5", description = "How long; ${DEFAULT-VALUE}.") double minutes) throws IOException {
        HeldStreams.run(count, minutes);
        return CommandLine.ExitCode.OK;
    }

    @Command(description = "Measures the starts of the client's commands beside mcp-remote and the Inspector's command line.")
    int start() throws IOException {
        ClientStarts.run();
        return CommandLine.ExitCode.OK;
    }

    @Command(name = "first-seconds", description = "Measures the starts of servers, their first requests, and their request rates in the first seconds.")
    int firstSeconds() throws IOException {
        FirstSeconds.run();
        return CommandLine.ExitCode.OK;
    }

    /** The number and the duration of the measurements of each workload. */
    private static final class Rounds {

        @Parameters(index = "0", arity = "0..1", paramLabel = "ROUNDS", defaultValue = "5", description = "Rounds of each workload; ${DEFAULT-VALUE}.")
        private int count;

        @Parameters(index = "1", arity = "0..1", paramLabel = "SECONDS", defaultValue = "3", description = "Seconds of a round; ${DEFAULT-VALUE}.")
        private double seconds;

        @Option(names = "--only", paramLabel = "TEXT", defaultValue = "", description = "Runs the workloads whose name contains this text.")
        private String only;
    }
}
