package dev.gatehouse.shared.cli;

import ch.qos.logback.classic.Level;
import ch.qos.logback.classic.Logger;
import ch.qos.logback.classic.LoggerContext;
import ch.qos.logback.classic.spi.ILoggingEvent;
import ch.qos.logback.classic.spi.LoggingEvent;
import ch.qos.logback.core.UnsynchronizedAppenderBase;
import ch.qos.logback.core.encoder.Encoder;
import io.vertx.core.json.JsonObject;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Queue;
import java.util.TreeMap;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.Condition;
import java.util.concurrent.locks.ReentrantLock;

/**
 * Writes log lines on a thread of its own: a pipe that is not read blocks this thread and no other. Memory is bounded, for
 * audit records apart from all other lines. What does not fit is dropped and counted, and the counts are written, audit
 * records by their events, as soon as the reader continues.
 */
final class LogWriter extends UnsynchronizedAppenderBase<ILoggingEvent> {

    static final String AUDIT = "audit";

    private static final int LOG_BYTES = 1 << 20;
    private static final int AUDIT_BYTES = 4 << 20;
    private static final long PAUSE_NANOS = TimeUnit.MILLISECONDS.toNanos(2);
    private static final String OTHER_OUTPUT = "other output";

    private final OutputStream output;
    private final Encoder<ILoggingEvent> encoder;
    private final int logBytes;
    private final int auditBytes;

    private final ReentrantLock lock = new ReentrantLock();
    private final Condition arrived = lock.newCondition();
    private final Condition written = lock.newCondition();
    private final Condition hurried = lock.newCondition();
    private final Queue<Line> lines = new ArrayDeque<>();
    private final Map<String, Long> droppedLines = new TreeMap<>();
    private final Map<String, Long> droppedRecords = new TreeMap<>();
    private int heldLog;
    private int heldAudit;
    private boolean writing;
    private boolean flushing;
    private long writtenAt = System.nanoTime();

    private record Line(byte[] bytes, boolean isAudit) {
    }

    /** Writes to the output for as long as the process lives. */
    LogWriter(OutputStream output, Encoder<ILoggingEvent> encoder) {
        this(output, encoder, LOG_BYTES, AUDIT_BYTES);
    }

    /** @param auditBytes bytes of audit records that may wait, beside the {@code logBytes} of all other lines */
    LogWriter(OutputStream output, Encoder<ILoggingEvent> encoder, int logBytes, int auditBytes) {
        this.output = output;
        this.encoder = encoder;
        this.logBytes = logBytes;
        this.auditBytes = auditBytes;
        setName("log writer");
    }

    @Override
    public void start() {
        super.start();
        Thread thread = new Thread(this::run, "log-writer");
        thread.setDaemon(true);
        thread.start();
    }

    @Override
    protected void append(ILoggingEvent event) {
        boolean isAudit = event.getLoggerName().equals(AUDIT);
        add(new Line(encoder.encode(event), isAudit), isAudit ? nameOf(event) : event.getLevel().toString());
    }

    /** The name under which a dropped record is counted. */
    private static String nameOf(ILoggingEvent event) {
        Object[] arguments = event.getArgumentArray();
        return arguments != null && arguments.length > 0 && arguments[0] instanceof JsonObject record
            ? record.getString("event", "unknown") : "unknown";
    }

    private void add(Line line, String name) {
        int size = line.bytes().length;
        lock.lock();
        try {
            if (line.isAudit() ? heldAudit + size > auditBytes : heldLog + size > logBytes) {
                (line.isAudit() ? droppedRecords : droppedLines).merge(name, 1L, Long::sum);
                return;
            }
            hold(line, size);
            lines.add(line);
            arrived.signal();
        } finally {
            lock.unlock();
        }
    }

    private void hold(Line line, int size) {
        if (line.isAudit()) {
            heldAudit += size;
        } else {
            heldLog += size;
        }
    }

    private void run() {
        while (true) {
            List<Line> together = next();
            ByteArrayOutputStream text = new ByteArrayOutputStream();
            together.forEach(line -> text.writeBytes(line.bytes()));
            try {
                text.writeTo(output);
                output.flush();
            } catch (IOException readerGone) {
                // There is no other place to report it to.
            }
            settle(together);
        }
    }

    /** The lines that wait, after a pause if lines were written just before: a thread that woke for each line would interrupt its writers. */
    private List<Line> next() {
        lock.lock();
        try {
            while (lines.isEmpty()) {
                arrived.awaitUninterruptibly();
            }
            awaitMore(PAUSE_NANOS - (System.nanoTime() - writtenAt));
            writing = true;
            List<Line> together = new ArrayList<>(lines);
            lines.clear();
            return together;
        } finally {
            lock.unlock();
        }
    }

    private void awaitMore(long nanos) {
        long left = nanos;
        try {
            while (left > 0 && !flushing) {
                left = hurried.awaitNanos(left);
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    /** Frees the room of lines; behind the last line that waits comes the report of what was dropped meanwhile. */
    private void settle(List<Line> together) {
        lock.lock();
        try {
            together.forEach(line -> hold(line, -line.bytes().length));
            writing = false;
            writtenAt = System.nanoTime();
            if (lines.isEmpty()) {
                report();
            }
            if (lines.isEmpty()) {
                written.signalAll();
            }
        } finally {
            lock.unlock();
        }
    }

    private void report() {
        if (!droppedLines.isEmpty()) {
            addReport("dev.gatehouse.log", Level.WARN, "Standard error was not read in time; log lines dropped, by level: {}",
                droppedLines.toString(), false);
            droppedLines.clear();
        }
        if (!droppedRecords.isEmpty()) {
            JsonObject events = new JsonObject();
            droppedRecords.forEach(events::put);
            addReport(AUDIT, Level.WARN, "{}", new JsonObject().put("event", "audit_records_dropped")
                .put("count", droppedRecords.values().stream().mapToLong(Long::longValue).sum()).put("dropped", events), true);
            droppedRecords.clear();
        }
    }

    private void addReport(String name, Level level, String message, Object argument, boolean isAudit) {
        Logger logger = ((LoggerContext) getContext()).getLogger(name);
        Line line = new Line(encoder.encode(new LoggingEvent(LogWriter.class.getName(), logger, level, message, null,
            new Object[] {argument})), isAudit);
        hold(line, line.bytes().length);
        lines.add(line);
        arrived.signal();
    }

    /** Waits until all lines are written, at most so long. For threads that may wait, at the end of the process. */
    void flush(long millis) {
        long left = TimeUnit.MILLISECONDS.toNanos(millis);
        lock.lock();
        try {
            flushing = true;
            hurried.signal();
            while (left > 0 && (writing || !lines.isEmpty())) {
                left = written.awaitNanos(left);
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        } finally {
            flushing = false;
            lock.unlock();
        }
    }

    /** The same way out for what does not come through a logger, such as uncaught exceptions. */
    OutputStream stream() {
        return new OutputStream() {

            @Override
            public void write(int oneByte) {
                write(new byte[] {(byte) oneByte}, 0, 1);
            }

            @Override
            public void write(byte[] bytes, int offset, int length) {
                add(new Line(Arrays.copyOfRange(bytes, offset, offset + length), false), OTHER_OUTPUT);
            }
        };
    }
}
