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

    @Command(description = "Measures introspection and memory over a growing number of tokens, and draws the curves of the documentation.")
    int growth(@Parameters(arity = "0..1", paramLabel = "MOST", defaultValue = "1000000", description = "The most tokens or users; ${DEFAULT-VALUE}.") int most,
        @Option(names = "--users", description = "Measures over users and clients instead, with requests for tokens.") boolean users) throws IOException {
        if (users) {
            Growth.ofUsers(most);
        } else {
            Growth.ofTokens(most);
        }
        return CommandLine.ExitCode.OK;
    }

    @Command(description = "Measures what a request costs on 1, 2 and 4 processes of each server over one PostgreSQL database, and draws the curves of the documentation.")
    int nodes(@Option(names = "--loops", description = "Measures 1, 2 and 4 event loops of one process instead.") boolean loops,
        @Parameters(arity = "0..1", paramLabel = "SECONDS", defaultValue = "2", description = "Seconds of a round; ${DEFAULT-VALUE}.") double seconds)
            throws IOException {
        Nodes.run(loops, seconds);
        return CommandLine.ExitCode.OK;
    }

    @Command(description = "Measures calls of a tool without a policy and with policies of 100 rules.")
    int policy(@Mixin Rounds each) throws IOException {
        Benchmark.ofPolicies(each.count, each.seconds, each.only);
        return CommandLine.ExitCode.OK;
    }

    @Command(description = "Runs all kinds of requests for some time, and tells whether memory, descriptors, threads and the database grow. Ends with 1 if one does.")
    int soak(@Parameters(arity = "0..1", paramLabel = "MINUTES", defaultValue = "20",
        description = "How long; ${DEFAULT-VALUE}. Eight hours are 480.") double minutes) throws IOException {
        return Soak.run(minutes) ? CommandLine.ExitCode.OK : CommandLine.ExitCode.SOFTWARE;
    }

    @Command(description = "Floods the authorization server with credentials, and tells how long logins and other callers take meanwhile.")
    int attacks(@Parameters(arity = "0..1", paramLabel = "SECONDS", defaultValue = "10",
        description = "How long each; ${DEFAULT-VALUE}.") double seconds) throws IOException {
        Attacks.run(seconds);
        return CommandLine.ExitCode.OK;
    }

    @Command(description = "Holds sessions and as many streams, each with a token of its own, and tells the memory and the descriptors that one takes.")
    int streams(@Parameters(index = "0", arity = "0..1", paramLabel = "COUNT", defaultValue = "10000",
        description = "How many; ${DEFAULT-VALUE}.") int count, @Parameters(index = "1", arity = "0..1", paramLabel = "MINUTES",
        defaultValue = "1", description = "How long they are held; ${DEFAULT-VALUE}.") double minutes) throws IOException {
        HeldStreams.run(count, minutes);
        return CommandLine.ExitCode.OK;
    }

    @Command(description = "Measures the starts of the client's commands beside mcp-remote and the Inspector's command line.")
    int start() throws IOException {
        ClientStarts.run();
        return CommandLine.ExitCode.OK;
    }

    @Command(description = "Measures the methods that take most of the time of a request, by JMH.")
    int methods(@Parameters(arity = "0..1", paramLabel = "SECONDS", defaultValue = "5",
        description = "Seconds of each method, after as many to warm up; ${DEFAULT-VALUE}.") int seconds,
        @Option(names = "--only", paramLabel = "TEXT", defaultValue = "", description = "Runs the methods whose name contains this text.") String only)
            throws IOException {
        Methods.run(seconds, only);
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
