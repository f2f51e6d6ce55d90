package dev.gatehouse.shared.telemetry;

import dev.gatehouse.shared.metric.Meters;
import dev.gatehouse.shared.metric.Meters.Recorder;
import io.vertx.core.Vertx;

import java.util.concurrent.TimeUnit;

/** Measures how late the timers of an event loop fire, which is how long a request waits for it. */
public final class EventLoopDelay {

    private static final long MILLIS = 100;
    private static final long NANOS = TimeUnit.MILLISECONDS.toNanos(MILLIS);

    private final Recorder delays;
    private long last = System.nanoTime();

    private EventLoopDelay(Recorder delays) {
        this.delays = delays;
    }

    /**
     * Measures the event loop of the current context, until its verticle is undeployed.
     *
     * @param vertx the Vert.x instance
     */
    public static void watch(Vertx vertx) {
        Meters meters = Meters.of(vertx);
        if (meters.isOn()) {
            EventLoopDelay delay = new EventLoopDelay(meters.durations("gatehouse.event.loop.delay",
                "Time by which a timer of an event loop fires late, measured ten times a second."));
            vertx.setPeriodic(MILLIS, tick -> delay.tick());
        }
    }

    private void tick() {
        long now = System.nanoTime();
        delays.record(Math.max(0, now - last - NANOS));
        last = now;
    }
}
