package dev.gatehouse.shared.telemetry;

import dev.gatehouse.shared.config.StartupException;
import dev.gatehouse.shared.vertx.CallerContext;
import io.opentelemetry.api.logs.Logger;
import io.opentelemetry.api.logs.Severity;
import io.opentelemetry.context.Context;
import io.opentelemetry.sdk.OpenTelemetrySdk;
import io.opentelemetry.sdk.autoconfigure.AutoConfiguredOpenTelemetrySdk;
import io.opentelemetry.sdk.common.CompletableResultCode;
import io.opentelemetry.sdk.logs.LogRecordProcessor;
import io.opentelemetry.sdk.logs.ReadWriteLogRecord;
import io.opentelemetry.sdk.logs.data.LogRecordData;
import io.opentelemetry.sdk.logs.export.LogRecordExporter;
import io.vertx.core.Future;
import io.vertx.core.Promise;
import io.vertx.core.Vertx;
import io.vertx.core.json.JsonObject;

import java.io.IOException;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;

/** Exports audit events as log records by OTLP over HTTP, and tells whether the collector has confirmed them. */
public final class OtlpLogs {

    private static final long CLOSE_SECONDS = 2;
    /** Would write each failure in a format of its own; the caller logs it. The field keeps the logger alive: an unreferenced logger loses its filter. */
    private static final java.util.logging.Logger EXPORTER = java.util.logging.Logger.getLogger("io.opentelemetry.exporter.otlp.internal.HttpExporter");

    static {
        EXPORTER.setFilter(line -> !line.getMessage().contains(" logs."));
    }

    private final Batch batch = new Batch();
    private final OpenTelemetrySdk sdk;
    private LogRecordExporter exporter;

    private OtlpLogs(String service) {
        sdk = AutoConfiguredOpenTelemetrySdk.builder().disableShutdownHook().addPropertiesSupplier(() -> Map.of("otel.service.name", service,
                "otel.exporter.otlp.protocol", "http/protobuf"))
            .addPropertiesCustomizer(all -> Map.of("otel.traces.exporter", "none", "otel.metrics.exporter", "none", "otel.logs.exporter", "otlp"))
            .addLogRecordExporterCustomizer((configured, properties) -> exporter = configured)
            // The SDK's own processor drops records that the collector does not take.
            .addLogRecordProcessorCustomizer((configured, properties) -> batch)
            .build().getOpenTelemetrySdk();
    }

    /**
     * Configures the export by the environment variables {@code OTEL_…}. Blocking.
     *
     * @param service the default of {@code OTEL_SERVICE_NAME}
     * @return the export
     * @throws StartupException if a variable has no valid value
     */
    public static OtlpLogs open(String service) {
        try {
            return new OtlpLogs(service);
        } catch (RuntimeException invalid) {
            throw new StartupException("Audit events cannot be exported: " + invalid.getMessage(), invalid);
        }
    }

    /**
     * Sends events.
     *
     * @param vertx the Vert.x instance
     * @param events each with {@code event} and {@code at}
     * @return fails if the collector has not confirmed all of them
     */
    public Future<Void> send(Vertx vertx, List<JsonObject> events) {
        Promise<Void> sent = CallerContext.promise(vertx);
        CompletableResultCode export = exporter.export(records(events));
        export.whenComplete(() -> {
            if (export.isSuccess()) {
                sent.complete();
            } else {
                sent.fail(new IOException("the collector did not confirm " + events.size() + " records", export.getFailureThrowable()));
            }
        });
        return sent.future();
    }

    private synchronized List<LogRecordData> records(List<JsonObject> events) {
        Logger logger = sdk.getSdkLoggerProvider().get("gatehouse.audit");
        for (JsonObject event : events) {
            logger.logRecordBuilder().setContext(Context.root()).setSeverity(Severity.INFO).setTimestamp(Instant.parse(event.getString("at")))
                .setEventName("gatehouse." + event.getString("event")).setBody(event.encode()).emit();
        }
        return batch.take();
    }

    /**
     * Closes the connections to the collector. Blocking.
     *
     * @return null
     */
    public Void close() {
        exporter.shutdown().join(CLOSE_SECONDS, TimeUnit.SECONDS);
        sdk.shutdown().join(CLOSE_SECONDS, TimeUnit.SECONDS);
        return null;
    }

    /** Collects the records of one call. */
    private static final class Batch implements LogRecordProcessor {

        private List<LogRecordData> records = new ArrayList<>();

        @Override
        public synchronized void onEmit(Context context, ReadWriteLogRecord record) {
            records.add(record.toLogRecordData());
        }

        synchronized List<LogRecordData> take() {
            List<LogRecordData> taken = records;
            records = new ArrayList<>();
            return taken;
        }
    }
}
