package dev.gatehouse.shared.cli;

import ch.qos.logback.classic.pattern.ThrowableProxyConverter;
import ch.qos.logback.classic.spi.ILoggingEvent;
import ch.qos.logback.core.encoder.EncoderBase;
import dev.gatehouse.shared.audit.CurrentTrace;
import dev.gatehouse.shared.http.RequestId;
import io.vertx.core.json.JsonObject;

import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.time.temporal.ChronoUnit;

/** Writes each event as one line of JSON with the field names of the Elastic Common Schema. */
final class JsonLines extends EncoderBase<ILoggingEvent> {

    private static final String SCHEMA_VERSION = "8.11.0";

    private final ThrowableProxyConverter failures = new ThrowableProxyConverter();

    @Override
    public void start() {
        failures.start();
        super.start();
    }

    @Override
    public byte[] headerBytes() {
        return new byte[0];
    }

    @Override
    public byte[] footerBytes() {
        return new byte[0];
    }

    @Override
    public byte[] encode(ILoggingEvent event) {
        JsonObject line = new JsonObject()
            .put("@timestamp", Instant.ofEpochMilli(event.getTimeStamp()).truncatedTo(ChronoUnit.MILLIS).toString())
            .put("log.level", event.getLevel().toString())
            .put("message", event.getFormattedMessage())
            .put("ecs.version", SCHEMA_VERSION)
            .put("log.logger", event.getLoggerName())
            .put("process.thread.name", event.getThreadName());
        putPresent(line, "http.request.id", RequestId.current());
        putPresent(line, "trace.id", CurrentTrace.id());
        if (event.getThrowableProxy() != null) {
            line.put("error.type", event.getThrowableProxy().getClassName());
            putPresent(line, "error.message", event.getThrowableProxy().getMessage());
            line.put("error.stack_trace", failures.convert(event));
        }
        if (event.getLoggerName().equals(LogWriter.AUDIT) && event.getArgumentArray() != null && event.getArgumentArray()[0] instanceof JsonObject audit) {
            line.put("event.dataset", "gatehouse.audit").put("event.action", audit.getString("event")).put("gatehouse.audit", audit);
        }
        return (line.encode() + "\n").getBytes(StandardCharsets.UTF_8);
    }

    private static void putPresent(JsonObject line, String name, String value) {
        if (value != null) {
            line.put(name, value);
        }
    }
}
