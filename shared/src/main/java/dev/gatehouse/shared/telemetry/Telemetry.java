package dev.gatehouse.shared.telemetry;

import dev.gatehouse.shared.metric.Meters;
import io.micrometer.core.instrument.MeterRegistry;
import io.micrometer.core.instrument.binder.jvm.JvmGcMetrics;
import io.micrometer.core.instrument.binder.jvm.JvmMemoryMetrics;
import io.micrometer.core.instrument.binder.jvm.JvmThreadMetrics;
import io.micrometer.core.instrument.binder.system.FileDescriptorMetrics;
import io.micrometer.core.instrument.binder.system.ProcessorMetrics;
import io.micrometer.core.instrument.binder.system.UptimeMetrics;
import io.micrometer.core.instrument.composite.CompositeMeterRegistry;
import io.micrometer.prometheusmetrics.PrometheusConfig;
import io.micrometer.prometheusmetrics.PrometheusMeterRegistry;
import io.vertx.core.Vertx;
import io.vertx.core.VertxBuilder;
import io.vertx.core.VertxOptions;
import io.vertx.core.shareddata.Shareable;
import io.vertx.micrometer.Label;
import io.vertx.micrometer.MetricsDomain;
import io.vertx.micrometer.MicrometerMetricsFactory;
import io.vertx.micrometer.MicrometerMetricsOptions;

import java.util.EnumSet;
import java.util.Set;
import java.util.stream.Collectors;

/** The metrics of one Vert.x instance. The parts of the servers see its {@link Meters} alone. */
public final class Telemetry implements Shareable {

    private static final String OPEN_METRICS = "application/openmetrics-text; version=1.0.0; charset=utf-8";
    private static final String PLAIN = "text/plain; version=0.0.4; charset=utf-8";
    /** Others have labels with addresses, or repeat the measurements of our own. */
    private static final Set<MetricsDomain> OF_VERTX = EnumSet.of(MetricsDomain.NAMED_POOLS);

    private final PrometheusMeterRegistry prometheus = new PrometheusMeterRegistry(PrometheusConfig.DEFAULT);
    private final MeterRegistry registry;

    private Telemetry(MeterRegistry pushed) {
        registry = pushed == null ? prometheus : new CompositeMeterRegistry().add(prometheus).add(pushed);
        new JvmMemoryMetrics().bindTo(registry);
        new JvmThreadMetrics().bindTo(registry);
        new ProcessorMetrics().bindTo(registry);
        new FileDescriptorMetrics().bindTo(registry);
        new UptimeMetrics().bindTo(registry);
        bindCollections();
    }

    /** It listens to the collector until the process ends. */
    @SuppressWarnings("resource")
    private void bindCollections() {
        new JvmGcMetrics().bindTo(registry);
    }

    /** Prepares the metrics of a Vert.x instance that {@link #builder} will build. */
    public static Telemetry create() {
        return new Telemetry(null);
    }

    /** {@return a builder of a Vert.x instance that measures its pools too} Call {@link #install} with what it builds. */
    public VertxBuilder builder(VertxOptions options) {
        options.setMetricsOptions(new MicrometerMetricsOptions().setEnabled(true).setRegistryName("gatehouse")
            .setDisabledMetricsCategories(EnumSet.complementOf(EnumSet.copyOf(OF_VERTX)).stream().map(MetricsDomain::toCategory).collect(Collectors.toSet()))
            .setLabels(EnumSet.of(Label.POOL_TYPE, Label.POOL_NAME)));
        return Vertx.builder().with(options).withMetrics(new MicrometerMetricsFactory(registry));
    }

    /** Makes these the metrics of the servers in this Vert.x instance. */
    public Telemetry install(Vertx vertx) {
        vertx.sharedData().<String, Telemetry>getLocalMap(Telemetry.class.getName()).put("", this);
        Meters.install(vertx, new MicrometerMeters(registry));
        return this;
    }

    /** The metrics of a Vert.x instance, created if there are none. */
    static synchronized Telemetry measuring(Vertx vertx) {
        Telemetry known = vertx.sharedData().<String, Telemetry>getLocalMap(Telemetry.class.getName()).get("");
        return known == null ? create().install(vertx) : known;
    }

    /** The media type of a scrape, as the client prefers. */
    String textForm(String accept) {
        return accept != null && accept.contains("application/openmetrics-text") ? OPEN_METRICS : PLAIN;
    }

    /** Blocking. */
    String scrape(String form) {
        return prometheus.scrape(form);
    }
}
