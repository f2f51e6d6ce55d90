package dev.gatehouse.shared.telemetry;

import dev.gatehouse.shared.metric.Meters;
import io.micrometer.core.instrument.Clock;
import io.micrometer.core.instrument.MeterRegistry;
import io.micrometer.core.instrument.binder.jvm.JvmGcMetrics;
import io.micrometer.core.instrument.binder.jvm.JvmMemoryMetrics;
import io.micrometer.core.instrument.binder.jvm.JvmThreadMetrics;
import io.micrometer.core.instrument.binder.system.FileDescriptorMetrics;
import io.micrometer.core.instrument.binder.system.ProcessorMetrics;
import io.micrometer.core.instrument.binder.system.UptimeMetrics;
import io.micrometer.core.instrument.composite.CompositeMeterRegistry;
import io.micrometer.core.instrument.config.MeterFilter;
import io.micrometer.prometheusmetrics.PrometheusConfig;
import io.micrometer.prometheusmetrics.PrometheusMeterRegistry;
import io.micrometer.registry.otlp.OtlpConfig;
import io.micrometer.registry.otlp.OtlpMeterRegistry;
import io.vertx.core.Vertx;
import io.vertx.core.VertxBuilder;
import io.vertx.core.VertxOptions;
import io.vertx.core.shareddata.Shareable;
import io.vertx.core.spi.VertxTracerFactory;
import io.vertx.core.spi.tracing.VertxTracer;
import io.vertx.core.tracing.TracingOptions;
import io.vertx.micrometer.Label;
import io.vertx.micrometer.MetricsDomain;
import io.vertx.micrometer.MicrometerMetricsFactory;
import io.vertx.micrometer.MicrometerMetricsOptions;

import java.time.Duration;
import java.util.EnumSet;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Set;
import java.util.stream.Collectors;

/**
 * The metrics and traces of one process. It is made before its Vert.x instance, which measures its pools and traces its requests by it. The
 * parts of the servers see the {@link Meters} alone.
 */
public final class Telemetry implements Shareable {

    private static final String OPEN_METRICS = "application/openmetrics-text; version=1.0.0; charset=utf-8";
    private static final String PLAIN = "text/plain; version=0.0.4; charset=utf-8";
    /** Others have labels with addresses, or repeat our own measurements. */
    private static final Set<MetricsDomain> OF_VERTX = EnumSet.of(MetricsDomain.NAMED_POOLS);
    /** Vert.x measures each SQL client, in no domain and with one name for all: see {@code StoreMeters}. */
    private static final String SQL_CLIENTS = "vertx.sql";
    private static final long EXPORT_MILLIS = 60_000;

    private final PrometheusMeterRegistry prometheus;
    private final MeterRegistry registry;
    private final Tracing tracing;

    private Telemetry(PrometheusMeterRegistry prometheus, OtlpMeterRegistry pushed, Tracing tracing) {
        this.prometheus = prometheus;
        this.tracing = tracing;
        registry = pushed == null ? prometheus : new CompositeMeterRegistry().add(prometheus).add(pushed);
        if (registry != null) {
            registry.config().meterFilter(MeterFilter.denyNameStartsWith(SQL_CLIENTS));
            bindProcess();
        }
    }

    /** The collector's metrics listen until the process ends. */
    @SuppressWarnings("resource")
    private void bindProcess() {
        new JvmMemoryMetrics().bindTo(registry);
        new JvmThreadMetrics().bindTo(registry);
        new JvmGcMetrics().bindTo(registry);
        new ProcessorMetrics().bindTo(registry);
        new FileDescriptorMetrics().bindTo(registry);
        new UptimeMetrics().bindTo(registry);
    }

    /**
     * Prepares the telemetry of a process.
     *
     * @param service the default of {@code OTEL_SERVICE_NAME}
     * @param served whether a listener will serve the metrics
     * @param environment the environment variables of the process
     * @return null if there is none: nothing of it is loaded then
     * @throws dev.gatehouse.shared.config.StartupException if a variable has no valid value
     */
    public static Telemetry of(String service, boolean served, Map<String, String> environment) {
        OtlpSettings otlp = new OtlpSettings(environment);
        boolean pushed = otlp.exportsMetrics();
        boolean traced = otlp.exportsTraces();
        return !served && !pushed && !traced ? null
            : new Telemetry(served || pushed ? new PrometheusMeterRegistry(PrometheusConfig.DEFAULT) : null,
                pushed ? push(service, otlp) : null, traced ? Tracing.start(service) : null);
    }

    private static OtlpMeterRegistry push(String service, OtlpSettings otlp) {
        return new OtlpMeterRegistry(new OtlpConfig() {

            @Override
            public String get(String key) {
                return null;
            }

            @Override
            public Duration step() {
                String millis = otlp.value("OTEL_METRIC_EXPORT_INTERVAL");
                return Duration.ofMillis(millis.matches("\\d{1,9}") ? Math.max(1, Long.parseLong(millis)) : EXPORT_MILLIS);
            }

            @Override
            public Map<String, String> resourceAttributes() {
                Map<String, String> attributes = new LinkedHashMap<>(OtlpConfig.super.resourceAttributes());
                attributes.putIfAbsent("service.name", service);
                return attributes;
            }
        }, Clock.SYSTEM);
    }

    /**
     * {@return a builder of the Vert.x instance} Call {@link #install} with what it builds.
     *
     * @param options of the instance
     */
    public VertxBuilder builder(VertxOptions options) {
        VertxBuilder builder = Vertx.builder().with(options);
        if (registry != null) {
            options.setMetricsOptions(new MicrometerMetricsOptions().setEnabled(true).setRegistryName("gatehouse")
                .setDisabledMetricsCategories(EnumSet.complementOf(EnumSet.copyOf(OF_VERTX)).stream().map(MetricsDomain::toCategory)
                    .collect(Collectors.toSet()))
                .setLabels(EnumSet.of(Label.POOL_TYPE, Label.POOL_NAME)));
            builder.with(options).withMetrics(new MicrometerMetricsFactory(registry));
        }
        if (tracing != null) {
            options.setTracingOptions(new TracingOptions());
            builder.with(options).withTracer(new VertxTracerFactory() {
                @Override
                public VertxTracer<?, ?> tracer(TracingOptions of) {
                    return tracing.tracer();
                }
            });
        }
        return builder;
    }

    /**
     * Makes this the telemetry of the servers in a Vert.x instance.
     *
     * @param vertx the Vert.x instance
     * @return this
     */
    public Telemetry install(Vertx vertx) {
        if (registry != null) {
            vertx.sharedData().<String, Telemetry>getLocalMap(Telemetry.class.getName()).put("", this);
            Meters.install(vertx, new MicrometerMeters(registry));
        }
        return this;
    }

    /** The metrics of a Vert.x instance, created if there are none. */
    static synchronized Telemetry measuring(Vertx vertx) {
        Telemetry known = vertx.sharedData().<String, Telemetry>getLocalMap(Telemetry.class.getName()).get("");
        return known == null ? new Telemetry(new PrometheusMeterRegistry(PrometheusConfig.DEFAULT), null, null).install(vertx) : known;
    }

    /** {@return the identifier of the trace of the current context; null if there is none} */
    public String currentTraceId() {
        return tracing == null ? null : Tracing.currentTraceId();
    }

    /** Exports the last metrics and spans. Blocking, for the end of the process. */
    public void close() {
        if (registry instanceof CompositeMeterRegistry all) {
            all.getRegistries().forEach(MeterRegistry::close);
        }
        if (tracing != null) {
            tracing.close();
        }
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
