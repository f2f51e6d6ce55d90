package dev.gatehouse.shared.cli;

import ch.qos.logback.classic.Level;
import ch.qos.logback.classic.Logger;
import ch.qos.logback.classic.LoggerContext;
import ch.qos.logback.classic.PatternLayout;
import ch.qos.logback.classic.encoder.PatternLayoutEncoder;
import ch.qos.logback.classic.pattern.ClassicConverter;
import ch.qos.logback.classic.pattern.MessageConverter;
import ch.qos.logback.classic.pattern.ThrowableProxyConverter;
import ch.qos.logback.classic.spi.ILoggingEvent;
import ch.qos.logback.core.encoder.EncoderBase;
import dev.gatehouse.shared.audit.CurrentTrace;
import dev.gatehouse.shared.config.DataHome;
import dev.gatehouse.shared.http.RequestId;
import dev.gatehouse.shared.text.VisibleText;
import org.slf4j.LoggerFactory;

import java.io.FileDescriptor;
import java.io.FileOutputStream;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.util.Objects;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/**
 * Sends logs to stderr, since stdout belongs to what a command prints and to MCP. Set up in code, which starts faster
 * than a configuration file; {@code -Dlogback.configurationFile=…} takes its place where given. No thread that logs waits
 * for the reader of stderr.
 */
public final class Logging {

    private static final String PATTERN = "%d{yyyy-MM-dd'T'HH:mm:ss.SSSXXX,UTC} %-5level%ids %logger{24} - %msg%n%ex";

    /** Writes a message on one line. {@link VisibleText} makes control characters in the text of a client visible. */
    public static final class Message extends MessageConverter {

        /** Logback calls it. */
        public Message() {
        }

        @Override
        public String convert(ILoggingEvent event) {
            String message = super.convert(event);
            boolean isOneLine = message.indexOf('\n') < 0 && message.indexOf('\r') < 0;
            return VisibleText.of(isOneLine ? message : message.replaceAll("[\r\n]+", " | "));
        }
    }

    /** Writes a failure and its causes on several lines, with control characters made visible in the same way. */
    public static final class Failure extends ThrowableProxyConverter {

        /** Logback calls it. */
        public Failure() {
        }

        @Override
        public String convert(ILoggingEvent event) {
            return VisibleText.lines(super.convert(event));
        }
    }

    /** The identifiers of the request and of the trace to which a line belongs. */
    public static final class Identifiers extends ClassicConverter {

        /** Logback calls it. */
        public Identifiers() {
        }

        @Override
        public String convert(ILoggingEvent event) {
            String request = RequestId.current();
            String trace = CurrentTrace.id();
            return request == null && trace == null ? "" : " [" + Stream.of(request, trace).filter(Objects::nonNull).collect(Collectors.joining(" ")) + "]";
        }
    }

    private static final class Encoder extends PatternLayoutEncoder {

        @Override
        public void start() {
            PatternLayout lines = new PatternLayout();
            lines.setContext(context);
            lines.setPattern(getPattern());
            lines.getInstanceConverterMap().put("msg", Message::new);
            lines.getInstanceConverterMap().put("ex", Failure::new);
            lines.getInstanceConverterMap().put("ids", Identifiers::new);
            lines.start();
            layout = lines;
            started = true;
        }
    }

    /** The time that the end of the process waits for a reader of the last lines. */
    private static final long FLUSH_MILLIS = 500;

    private static final String FORMAT = "GATEHOUSE_LOG_FORMAT";
    private static volatile LogWriter writer;

    private Logging() {
    }

    /** Configures the logging of the process. Call it at the start of a main method. */
    public static void configure() {
        if (System.getProperty("logback.configurationFile") != null) {
            return;
        }
        System.setProperty("slf4j.provider", LoggingProvider.class.getName());
        // SLF4J would print its choice to stderr.
        System.setProperty("slf4j.internal.verbosity", "WARN");
        LoggerContext context = (LoggerContext) LoggerFactory.getILoggerFactory();
        context.reset();
        LogWriter stderr = new LogWriter(new FileOutputStream(FileDescriptor.err), encoder(context, System.getenv(FORMAT)));
        stderr.setContext(context);
        stderr.start();
        Logger root = context.getLogger(org.slf4j.Logger.ROOT_LOGGER_NAME);
        root.setLevel(Level.WARN);
        root.addAppender(stderr);
        // Warns of every bad request a client sends, in words of its own.
        context.getLogger("io.modelcontextprotocol").setLevel(Level.ERROR);
        ours().setLevel(Level.INFO);
        context.getLogger(LogWriter.AUDIT).setLevel(Level.INFO);
        writer = stderr;
        redirectStandardError(stderr);
        Runtime.getRuntime().addShutdownHook(new Thread(Logging::flush, "log-flush"));
    }

    private static EncoderBase<ILoggingEvent> encoder(LoggerContext context, String format) {
        if (format != null && format.equals("json")) {
            JsonLines json = new JsonLines();
            json.setContext(context);
            json.start();
            return json;
        }
        PatternLayoutEncoder text = new Encoder();
        text.setContext(context);
        text.setPattern(PATTERN);
        text.start();
        return text;
    }

    /** Reads the levels that {@code gatehouse log-level} sets, now and whenever they change. */
    static void followLevels() {
        if (writer != null) {
            new LogLevels(DataHome.of(System.getenv())).follow();
        }
    }

    private static void redirectStandardError(LogWriter stderr) {
        PrintStream former = System.err;
        System.setErr(new PrintStream(stderr.stream(), true, StandardCharsets.UTF_8));
        if (System.out == former) {
            // A stdio server has claimed standard output, and sends what others print to standard error.
            System.setOut(System.err);
        }
    }

    /** Waits a moment until the last lines are written. Call it at the end of a shutdown hook. */
    public static void flush() {
        if (writer != null) {
            writer.flush(FLUSH_MILLIS);
        }
    }

    /**
     * Logs at the level DEBUG. Libraries still log warnings only: some log whole messages and headers, which contain
     * credentials.
     */
    public static void debug() {
        ours().setLevel(Level.DEBUG);
    }

    /** Silences the logger of a class whose messages are logged elsewhere in better words. */
    static void silence(Class<?> talker) {
        ((Logger) LoggerFactory.getLogger(talker)).setLevel(Level.OFF);
    }

    private static Logger ours() {
        return (Logger) LoggerFactory.getLogger("dev.gatehouse");
    }
}
