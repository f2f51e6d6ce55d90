package dev.gatehouse.authz.support;

import dev.gatehouse.fixtures.Eventually;
import org.subethamail.smtp.server.SMTPServer;
import org.subethamail.wiser.Wiser;
import org.subethamail.wiser.WiserMessage;

import java.net.InetAddress;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** A mail server that keeps what it receives. */
public final class MailServer implements AutoCloseable {

    private static final Pattern LINK = Pattern.compile("http://localhost:\\d+(/\\S+token=[A-Za-z0-9_-]+)");

    private final Wiser wiser;

    /** A received mail. */
    public record Received(String to, String text) {

        /** The path and query of the link in the mail. */
        public String link() {
            Matcher link = LINK.matcher(text);
            if (!link.find()) {
                throw new AssertionError("no link in " + text);
            }
            return link.group(1);
        }
    }

    public MailServer() {
        this(SMTPServer.port(0), (from, to) -> true);
    }

    /** @param settings besides the address @param accepter decides which recipients exist */
    public MailServer(SMTPServer.Builder settings, Wiser.Accepter accepter) {
        wiser = Wiser.accepter(accepter).server(settings.bindAddress(InetAddress.getLoopbackAddress()));
        wiser.start();
    }

    public int port() {
        return wiser.getServer().getPortAllocated();
    }

    /** Waits until this many mails have arrived, and returns them. */
    public List<Received> await(int count) {
        Eventually.holds(count + " mails have arrived", Duration.ofSeconds(20), () -> wiser.getMessages().size() >= count);
        return received();
    }

    public List<Received> received() {
        return List.copyOf(wiser.getMessages()).stream().map(MailServer::read).toList();
    }

    private static Received read(WiserMessage message) {
        String raw = new String(message.getData(), StandardCharsets.UTF_8);
        return new Received(message.getEnvelopeReceiver(), raw.replace("=\r\n", "").replace("=3D", "=").replace("\r\n", "\n"));
    }

    @Override
    public void close() {
        wiser.stop();
    }
}
