package dev.gatehouse.shared.telemetry;

import dev.gatehouse.shared.metric.Meters;
import io.micrometer.core.instrument.DistributionSummary;
import io.micrometer.core.instrument.MeterRegistry;
import io.micrometer.core.instrument.Timer;

import java.time.Duration;
import java.time.temporal.ChronoUnit;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.TimeUnit;
import java.util.function.DoubleSupplier;

/** Meters in a Micrometer registry. */
final class MicrometerMeters implements Meters {

    /** From the time of a cached answer to the deadline of a request. */
    private static final Duration[] DURATIONS = Arrays.stream(new long[] {500, 1_000, 2_500, 5_000, 10_000, 25_000, 50_000, 100_000, 250_000, 500_000,
        1_000_000, 2_500_000, 5_000_000, 10_000_000}).mapToObj(micros -> Duration.of(micros, ChronoUnit.MICROS)).toArray(Duration[]::new);
    private static final double[] SIZES = {1, 2, 4, 8, 16, 32, 64, 128, 256};

    private final MeterRegistry registry;
    private final Map<List<String>, List<DoubleSupplier>> gauges = new ConcurrentHashMap<>();

    MicrometerMeters(MeterRegistry registry) {
        this.registry = registry;
    }

    MeterRegistry registry() {
        return registry;
    }

    @Override
    public boolean isOn() {
        return true;
    }

    @Override
    public Counter counter(String name, String description, String... labels) {
        return io.micrometer.core.instrument.Counter.builder(name).description(description).tags(labels).register(registry)::increment;
    }

    @Override
    public Recorder durations(String name, String description, String... labels) {
        Timer timer = Timer.builder(name).description(description).tags(labels).serviceLevelObjectives(DURATIONS).register(registry);
        return nanos -> timer.record(nanos, TimeUnit.NANOSECONDS);
    }

    @Override
    public Recorder sizes(String name, String description, String... labels) {
        return DistributionSummary.builder(name).description(description).tags(labels).serviceLevelObjectives(SIZES).register(registry)::record;
    }

    @Override
    public Gauge gauge(String name, String description, DoubleSupplier value, String... labels) {
        List<String> key = new ArrayList<>(List.of(labels));
        key.add(0, name);
        List<DoubleSupplier> values = gauges.computeIfAbsent(List.copyOf(key), first -> {
            List<DoubleSupplier> all = new CopyOnWriteArrayList<>();
            io.micrometer.core.instrument.Gauge.builder(name, all, read -> read.stream().mapToDouble(DoubleSupplier::getAsDouble).sum())
                .description(description).tags(labels).strongReference(true).register(registry);
            return all;
        });
        values.add(value);
        return () -> values.remove(value);
    }
}
