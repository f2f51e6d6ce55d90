package dev.gatehouse.it.fuzz;

import dev.gatehouse.it.support.Product;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Callable;
import java.util.stream.Stream;

/** Runs {@code ./gatehouse-dev fuzz}: Jazzer in a process of its own for each target. */
@Command(name = "gatehouse-dev fuzz", mixinStandardHelpOptions = true,
    description = "Feeds generated inputs, guided by coverage, to everything that reads untrusted bytes. Prints the counts and the seed.")
public final class FuzzMain implements Callable<Integer> {

    private static final String JAZZER = "com.code_intelligence.jazzer.Jazzer";
    private static final int SECONDS_PER_MINUTE = 60;

    @Option(names = "--minutes", defaultValue = "1", description = "How long for each target; ${DEFAULT-VALUE}.")
    private double minutes;

    @Option(names = "--target", description = "One of ${COMPLETION-CANDIDATES}; all by default.")
    private FuzzTarget target;

    @Option(names = "--seed", defaultValue = "16", description = "The seed of the mutations; ${DEFAULT-VALUE}.")
    private int seed;

    /** Ends the process with 0 if no target fails, and with 1 otherwise. */
    public static void main(String[] arguments) {
        System.exit(new CommandLine(new FuzzMain()).setCaseInsensitiveEnumValuesAllowed(true).execute(arguments));
    }

    @Override
    public Integer call() throws IOException, InterruptedException {
        int failed = 0;
        for (FuzzTarget each : target == null ? List.of(FuzzTarget.values()) : List.of(target)) {
            Path work = Files.createDirectories(Product.scratch("fuzz").resolve("corpus"));
            Path log = work.resolveSibling("log");
            int code = new ProcessBuilder(command(each, work)).directory(work.getParent().toFile()).redirectErrorStream(true)
                .redirectOutput(log.toFile()).start().waitFor();
            System.out.printf("%s: %s; exit code %d; %s%n", each, outcome(log), code, work.getParent());
            failed += code == 0 ? 0 : 1;
        }
        System.out.println("seed " + seed);
        return failed == 0 ? CommandLine.ExitCode.OK : CommandLine.ExitCode.SOFTWARE;
    }

    private List<String> command(FuzzTarget each, Path work) throws IOException {
        String java = Path.of(System.getProperty("java.home"), "bin", "java").toString();
        List<String> command = new ArrayList<>(List.of(java, "-Dgatehouse.root=" + Product.ROOT, "-cp", System.getProperty("java.class.path"), JAZZER,
            "--target_class=" + JazzerDriver.class.getName(), "--target_args=" + each, "--instrumentation_includes=dev.gatehouse.**",
            // The pattern of a tool's schema is a regular expression; BoundedPatterns bounds its time.
            "--disabled_hooks=com.code_intelligence.jazzer.sanitizers.RegexInjection",
            "-max_total_time=" + Math.round(minutes * SECONDS_PER_MINUTE), "-seed=" + seed, work.toString()));
        Path seeds = Corpus.folder(each);
        if (Files.isDirectory(seeds)) {
            command.add(seeds.toString());
        }
        return command;
    }

    /** Returns the line of the fuzzer that has the counts, or the last one. */
    private static String outcome(Path log) throws IOException {
        try (Stream<String> lines = Files.lines(log)) {
            List<String> all = lines.toList();
            return all.stream().filter(line -> line.startsWith("Done ")).findFirst().orElse(all.isEmpty() ? "no output" : all.get(all.size() - 1));
        }
    }
}
