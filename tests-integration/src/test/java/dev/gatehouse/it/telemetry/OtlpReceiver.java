package dev.gatehouse.it.telemetry;

import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
import dev.gatehouse.fixtures.Ports;
import io.opentelemetry.proto.collector.logs.v1.ExportLogsServiceRequest;
import io.opentelemetry.proto.collector.metrics.v1.ExportMetricsServiceRequest;
import io.opentelemetry.proto.collector.trace.v1.ExportTraceServiceRequest;
import io.opentelemetry.proto.common.v1.KeyValue;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.Collectors;

/** Receives OTLP over HTTP, as a collector does. */
public final class OtlpReceiver implements AutoCloseable {

    private final HttpServer server;
    private final List<ReceivedSpan> spans = new CopyOnWriteArrayList<>();
    private final List<ReceivedLog> logs = new CopyOnWriteArrayList<>();
    /** The deliveries of log records that are still to be refused. */
    private final AtomicInteger refusals = new AtomicInteger(2);
    private final Map<String, Set<String>> metrics = new ConcurrentHashMap<>();

    /** A span with its attributes as texts. */
    public record ReceivedSpan(String service, String traceId, String spanId, String parentId, String name, Map<String, String> attributes) {
    }

    record ReceivedLog(String service, String eventName, String body) {
    }

    /** Listens on a free port of this machine. */
    public OtlpReceiver() {
        try {
            server = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), Ports.free()), 0);
        } catch (IOException failed) {
            throw new UncheckedIOException(failed);
        }
        server.createContext("/v1/traces", exchange -> answer(exchange, this::takeSpans));
        server.createContext("/v1/metrics", exchange -> answer(exchange, this::takeMetrics));
        server.createContext("/v1/logs", exchange -> {
            if (refusals.getAndDecrement() > 0) {
                try (exchange) {
                    exchange.sendResponseHeaders(400, -1);
                }
            } else {
                answer(exchange, this::takeLogs);
            }
        });
        server.start();
    }

    @FunctionalInterface
    private interface Taker {

        void take(byte[] body) throws IOException;
    }

    private static void answer(HttpExchange exchange, Taker taker) throws IOException {
        try (exchange) {
            taker.take(exchange.getRequestBody().readAllBytes());
            exchange.sendResponseHeaders(200, -1);
        }
    }

    private void takeSpans(byte[] body) throws IOException {
        ExportTraceServiceRequest.parseFrom(body).getResourceSpansList().forEach(resource -> {
            String service = attributes(resource.getResource().getAttributesList()).get("service.name");
            resource.getScopeSpansList().stream().flatMap(scope -> scope.getSpansList().stream()).forEach(span -> spans.add(new ReceivedSpan(service,
                hex(span.getTraceId().toByteArray()), hex(span.getSpanId().toByteArray()), hex(span.getParentSpanId().toByteArray()), span.getName(),
                attributes(span.getAttributesList()))));
        });
    }

    private void takeMetrics(byte[] body) throws IOException {
        ExportMetricsServiceRequest.parseFrom(body).getResourceMetricsList().forEach(resource -> {
            String service = attributes(resource.getResource().getAttributesList()).get("service.name");
            resource.getScopeMetricsList().stream().flatMap(scope -> scope.getMetricsList().stream())
                .forEach(metric -> metrics.computeIfAbsent(service, first -> ConcurrentHashMap.newKeySet()).add(metric.getName()));
        });
    }

    private void takeLogs(byte[] body) throws IOException {
        ExportLogsServiceRequest.parseFrom(body).getResourceLogsList().forEach(resource -> {
            String service = attributes(resource.getResource().getAttributesList()).get("service.name");
            resource.getScopeLogsList().stream().flatMap(scope -> scope.getLogRecordsList().stream())
                .forEach(record -> logs.add(new ReceivedLog(service, record.getEventName(), record.getBody().getStringValue())));
        });
    }

    /** The log records, in the order of their arrival. */
    List<ReceivedLog> logs() {
        return List.copyOf(logs);
    }

    /** Returns whether deliveries of log records have been refused. */
    boolean hasRefused() {
        return refusals.get() <= 0;
    }

    private static Map<String, String> attributes(List<KeyValue> pairs) {
        return pairs.stream().collect(Collectors.toMap(KeyValue::getKey, pair -> pair.getValue().getStringValue(), (first, second) -> second));
    }

    private static String hex(byte[] bytes) {
        return HexFormat.of().formatHex(bytes);
    }

    public String url() {
        return "http://127.0.0.1:" + server.getAddress().getPort();
    }

    /** The spans of one trace. */
    public List<ReceivedSpan> spans(String traceId) {
        return spans.stream().filter(span -> span.traceId.equals(traceId)).toList();
    }

    public List<ReceivedSpan> spans() {
        return List.copyOf(spans);
    }

    /** The names of the metrics of a service. */
    Set<String> metrics(String service) {
        return metrics.getOrDefault(service, Set.of());
    }

    @Override
    public void close() {
        server.stop(0);
    }
}
