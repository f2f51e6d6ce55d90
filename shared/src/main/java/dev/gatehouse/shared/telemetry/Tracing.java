package dev.gatehouse.shared.telemetry;

import dev.gatehouse.shared.config.StartupException;
import io.opentelemetry.api.trace.Span;
import io.opentelemetry.api.trace.SpanContext;
import io.opentelemetry.sdk.OpenTelemetrySdk;
import io.opentelemetry.sdk.autoconfigure.AutoConfiguredOpenTelemetrySdk;
import io.vertx.core.Context;
import io.vertx.core.spi.tracing.SpanKind;
import io.vertx.core.spi.tracing.TagExtractor;
import io.vertx.core.spi.tracing.VertxTracer;
import io.vertx.core.tracing.TracingOptions;
import io.vertx.core.tracing.TracingPolicy;
import io.vertx.tracing.opentelemetry.OpenTelemetryTracingFactory;

import java.util.Map;
import java.util.Set;
import java.util.concurrent.TimeUnit;
import java.util.function.BiConsumer;

/** Exports spans by OTLP over HTTP. No span holds a query, because the queries of OAuth hold codes and hints about users. */
final class Tracing {

    private static final long FLUSH_SECONDS = 2;

    private final OpenTelemetrySdk sdk;

    private Tracing(OpenTelemetrySdk sdk) {
        this.sdk = sdk;
    }

    /**
     * Configures the export by the environment variables {@code OTEL_…}.
     *
     * @param service the default of {@code OTEL_SERVICE_NAME}
     * @throws StartupException if a variable has no valid value
     */
    static Tracing start(String service) {
        try {
            return new Tracing(AutoConfiguredOpenTelemetrySdk.builder().disableShutdownHook().addPropertiesSupplier(() -> Map.of(
                "otel.service.name", service, "otel.exporter.otlp.protocol", "http/protobuf", "otel.traces.exporter", "otlp",
                "otel.metrics.exporter", "none", "otel.logs.exporter", "none")).addPropertiesCustomizer(all -> Map.of("otel.metrics.exporter", "none",
                "otel.logs.exporter", "none")).build().getOpenTelemetrySdk());
        } catch (RuntimeException invalid) {
            throw new StartupException("Traces cannot be exported: " + invalid.getMessage(), invalid);
        }
    }

    @SuppressWarnings("unchecked")
    VertxTracer<Object, Object> tracer() {
        return new WithoutQueries((VertxTracer<Object, Object>) new OpenTelemetryTracingFactory(sdk).tracer(new TracingOptions()));
    }

    /** The identifier of the trace of the current context; null if there is none. */
    static String currentTraceId() {
        SpanContext span = Span.current().getSpanContext();
        return span.isValid() ? span.getTraceId() : null;
    }

    /** Exports the last spans. Blocking. */
    void close() {
        sdk.shutdown().join(FLUSH_SECONDS, TimeUnit.SECONDS);
    }

    /** Passes everything on but queries. */
    private record WithoutQueries(VertxTracer<Object, Object> tracer) implements VertxTracer<Object, Object> {

        @Override
        public <R> Object receiveRequest(Context context, SpanKind kind, TracingPolicy policy, R request, String operation,
                                         Iterable<Map.Entry<String, String>> headers, TagExtractor<R> tags) {
            return tracer.receiveRequest(context, kind, policy, request, operation, headers, new PublicTags<>(tags));
        }

        @Override
        public <R> void sendResponse(Context context, R response, Object payload, Throwable failure, TagExtractor<R> tags) {
            tracer.sendResponse(context, response, payload, failure, tags);
        }

        @Override
        public <R> Object sendRequest(Context context, SpanKind kind, TracingPolicy policy, R request, String operation,
                                      BiConsumer<String, String> headers, TagExtractor<R> tags) {
            return tracer.sendRequest(context, kind, policy, request, operation, headers, new PublicTags<>(tags));
        }

        @Override
        public <R> void receiveResponse(Context context, R response, Object payload, Throwable failure, TagExtractor<R> tags) {
            tracer.receiveResponse(context, response, payload, failure, tags);
        }

        @Override
        public void close() {
            tracer.close();
        }
    }

    /** The attributes of a request, each URL without its query. */
    private record PublicTags<R>(TagExtractor<R> tags) implements TagExtractor<R> {

        private static final Set<String> URLS = Set.of("http.url", "url.full");
        private static final String QUERY = "url.query";

        @Override
        public int len(R request) {
            int length = tags.len(request);
            // Vert.x names the query last, if there is one.
            return length > 0 && QUERY.equals(tags.name(request, length - 1)) ? length - 1 : length;
        }

        @Override
        public String name(R request, int index) {
            return tags.name(request, index);
        }

        @Override
        public String value(R request, int index) {
            String value = tags.value(request, index);
            String name = tags.name(request, index);
            int query = value == null || !URLS.contains(name) ? -1 : value.indexOf('?');
            return query < 0 ? value : value.substring(0, query);
        }
    }
}
