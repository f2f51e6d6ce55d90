package dev.gatehouse.it.bench;

import org.openjdk.jmh.annotations.Mode;
import org.openjdk.jmh.profile.GCProfiler;
import org.openjdk.jmh.results.RunResult;
import org.openjdk.jmh.runner.Runner;
import org.openjdk.jmh.runner.RunnerException;
import org.openjdk.jmh.runner.options.Options;
import org.openjdk.jmh.runner.options.OptionsBuilder;
import org.openjdk.jmh.runner.options.TimeValue;
import org.openjdk.jmh.runner.options.VerboseMode;
import org.openjdk.jmh.util.Statistics;

import java.io.IOException;
import java.util.Locale;
import java.util.concurrent.TimeUnit;

/** Runs {@code ./gatehouse bench methods}: each of {@link HotMethods} by JMH, in a process of its own. */
final class Methods {
    private static final String ALLOCATED = "gc.alloc.rate.norm";
    private static final double FASTEST = 0;
    private static final double MIDDLE = 50;

    private Methods() {
    }

    static void run(int iterations, String only) throws IOException {
        Options options = new OptionsBuilder().include(HotMethods.class.getName() + "\\..*" + only).forks(1).mode(Mode.AverageTime).timeUnit(TimeUnit.NANOSECONDS)
            .warmupIterations(iterations).warmupTime(TimeValue.seconds(1)).measurementIterations(iterations).measurementTime(TimeValue.seconds(1))
            .addProfiler(ProcessorTime.class).addProfiler(GCProfiler.class).jvmArgsAppend("-XX:+UseSerialGC").shouldFailOnError(true)
            .verbosity(VerboseMode.SILENT).build();
        System.out.printf("%-26s %10s %10s %10s %10s%n", "", "ns", "CPU ns", "least", "bytes");
        try {
            for (RunResult result : new Runner(options).run()) {
                Statistics cpu = statistics(result, ProcessorTime.LABEL);
                System.out.printf(Locale.ROOT, "%-26s %,10.0f %,10.0f %,10.0f %,10.0f%n", result.getPrimaryResult().getLabel(),
                    result.getPrimaryResult().getStatistics().getPercentile(MIDDLE), cpu.getPercentile(MIDDLE), cpu.getPercentile(FASTEST),
                    statistics(result, ALLOCATED).getPercentile(MIDDLE));
            }
        } catch (RunnerException e) {
            throw new IOException(e);
        }
    }

    private static Statistics statistics(RunResult result, String profiler) {
        return result.getSecondaryResults().get(profiler).getStatistics();
    }
}
