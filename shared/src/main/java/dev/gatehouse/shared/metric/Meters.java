package dev.gatehouse.shared.metric;

import io.vertx.core.Vertx;
import io.vertx.core.shareddata.Shareable;

import java.util.function.DoubleSupplier;

/**
 * Receives the measurements of a process. Names are lower case with dots; the exporter adds the unit and the suffix. A label has few values,
 * all known in advance: never an identifier, an address or a part of a request.
 */
public interface Meters extends Shareable {

    /** Discards everything: the default of every Vert.x instance. */
    Meters NONE = new Meters() {

        @Override
        public boolean isOn() {
            return false;
        }

        @Override
        public Counter counter(String name, String description, String... labels) {
            return () -> { };
        }

        @Override
        public Recorder durations(String name, String description, String... labels) {
            return nanos -> { };
        }

        @Override
        public Recorder sizes(String name, String description, String... labels) {
            return size -> { };
        }

        @Override
        public Gauge gauge(String name, String description, DoubleSupplier value, String... labels) {
            return () -> { };
        }
    };

    /** A number that only grows. Thread-safe. */
    @FunctionalInterface
    interface Counter {

        /** Adds one. */
        void increment();
    }

    /** A distribution of values. Thread-safe. */
    @FunctionalInterface
    interface Recorder {

        /**
         * Records one value.
         *
         * @param value nanoseconds, or a size
         */
        void record(long value);
    }

    /** A value that is read when it is asked for. */
    @FunctionalInterface
    interface Gauge {

        /** Removes the value from the sum of its name and labels. */
        void close();
    }

    /**
     * {@return the meters of a Vert.x instance; {@link #NONE} if none are installed}
     *
     * @param vertx the Vert.x instance
     */
    static Meters of(Vertx vertx) {
        return vertx.sharedData().<String, Meters>getLocalMap(Meters.class.getName()).getOrDefault("", NONE);
    }

    /**
     * Installs meters for the parts of this Vert.x instance that are created later.
     *
     * @param vertx the Vert.x instance
     * @param meters the meters
     */
    static void install(Vertx vertx, Meters meters) {
        vertx.sharedData().<String, Meters>getLocalMap(Meters.class.getName()).put("", meters);
    }

    /** {@return whether measurements go anywhere} */
    boolean isOn();

    /**
     * Creates or finds a counter.
     *
     * @param name the name
     * @param description one sentence for the operator
     * @param labels names and values in turn
     * @return the counter
     */
    Counter counter(String name, String description, String... labels);

    /**
     * Creates or finds a histogram of durations.
     *
     * @param name the name
     * @param description one sentence for the operator
     * @param labels names and values in turn
     * @return records nanoseconds
     */
    Recorder durations(String name, String description, String... labels);

    /**
     * Creates or finds a histogram of sizes: powers of two up to 256.
     *
     * @param name the name
     * @param description one sentence for the operator
     * @param labels names and values in turn
     * @return records sizes
     */
    Recorder sizes(String name, String description, String... labels);

    /**
     * Adds a value that is read at each export. Values with the same name and labels are summed.
     *
     * @param name the name
     * @param description one sentence for the operator
     * @param value reads the value, from any thread
     * @param labels names and values in turn
     * @return removes the value
     */
    Gauge gauge(String name, String description, DoubleSupplier value, String... labels);
}
