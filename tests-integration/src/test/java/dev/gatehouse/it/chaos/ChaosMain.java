package dev.gatehouse.it.chaos;

import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;

import java.io.IOException;
import java.util.List;
import java.util.concurrent.Callable;

/** Runs {@code ./gatehouse-dev chaos}. */
@Command(name = "gatehouse-dev chaos", mixinStandardHelpOptions = true,
    description = "Kills, suspends and cuts off servers under load, and compares all that clients were told with what the servers say.")
public final class ChaosMain implements Callable<Integer> {

    @Option(names = "--engine", defaultValue = "SQLITE", description = "sqlite or postgresql; ${DEFAULT-VALUE}.")
    private Installation.Engine engine;

    @Option(names = "--rounds", defaultValue = "20", description = "How many rounds; ${DEFAULT-VALUE}.")
    private int rounds;

    @Option(names = "--seed", description = "The seed of faults and load; a random one by default.")
    private Long seed;

    /** Ends the process with 0 if nothing was lost and nothing doubled, and with 1 otherwise. */
    public static void main(String[] arguments) {
        // Ended by force, because threads of clients may still wait.
        System.exit(new CommandLine(new ChaosMain()).setCaseInsensitiveEnumValuesAllowed(true).execute(arguments));
    }

    @Option(names = "--single-use", description = "Instead of faults, give each value that counts once to 50 callers at once, on two nodes over PostgreSQL.")
    private boolean singleUse;

    @Override
    public Integer call() throws IOException {
        try {
            return singleUse ? singleUse() : chaos();
        } catch (AssertionError failed) {
            // Otherwise threads of clients would keep the process alive.
            throw new IllegalStateException(failed);
        }
    }

    private int singleUse() throws IOException {
        try (SingleUse values = new SingleUse(System.out)) {
            return values.run(rounds) == 0 ? CommandLine.ExitCode.OK : CommandLine.ExitCode.SOFTWARE;
        }
    }

    private int chaos() throws IOException {
        long chosen = seed == null ? System.nanoTime() : seed;
        try (Chaos chaos = new Chaos(engine, chosen, System.out)) {
            Ledger.Totals totals = chaos.run(rounds);
            System.out.printf("%d rounds, %d operations, %d acknowledged, %d lost, %d doubled, %d broken; seed %d%n", rounds, totals.operations(),
                totals.acknowledged(), totals.lost().size(), totals.doubled().size(), totals.broken().size(), chosen);
            List.of(totals.lost(), totals.doubled(), totals.broken()).forEach(list -> list.stream().distinct().forEach(System.out::println));
            return totals.isClean() ? CommandLine.ExitCode.OK : CommandLine.ExitCode.SOFTWARE;
        }
    }
}
