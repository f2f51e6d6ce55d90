package dev.gatehouse.it.bench;

import java.util.ArrayList;
import java.util.List;

/** A figure over the time of a soak. The first third of the samples is the warm-up. */
final class Trend {
    private static final int PARTS = 3;
    private final String name;
    private final double tolerance;
    private final List<Double> samples = new ArrayList<>();

    /** @param tolerance the growth that does not count, as a share of the figure */
    Trend(String name, double tolerance) {
        this.name = name;
        this.tolerance = tolerance;
    }

    void add(double sample) {
        samples.add(sample);
    }

    String name() {
        return name;
    }

    /** The median of the last third as a multiple of the median of the third before. */
    double growth() {
        int part = samples.size() / PARTS;
        if (part == 0) {
            throw new IllegalStateException("too few samples of " + name);
        }
        double before = median(samples.subList(samples.size() - 2 * part, samples.size() - part));
        double last = median(samples.subList(samples.size() - part, samples.size()));
        return before == 0 ? last == 0 ? 1 : Double.POSITIVE_INFINITY : last / before;
    }

    boolean isFlat() {
        return growth() <= 1 + tolerance;
    }

    private static double median(List<Double> values) {
        List<Double> sorted = values.stream().sorted().toList();
        return (sorted.get((sorted.size() - 1) / 2) + sorted.get(sorted.size() / 2)) / 2;
    }
}
