package dev.gatehouse.shared.audit;

import java.util.function.Supplier;

/** The identifier of the trace of the current request, for log lines and audit events. */
public final class CurrentTrace {

    private static volatile Supplier<String> source = () -> null;

    private CurrentTrace() {
    }

    /**
     * Sets the source of the identifiers.
     *
     * @param traces returns null outside of a trace
     */
    public static void from(Supplier<String> traces) {
        source = traces;
    }

    /** {@return the identifier; null outside of a trace} */
    public static String id() {
        return source.get();
    }
}
