package dev.gatehouse.authz.mail;

import dev.gatehouse.authz.mail.MailOptions.Security;
import dev.gatehouse.shared.config.SecretFile;
import io.vertx.core.Future;
import io.vertx.core.Vertx;
import io.vertx.ext.mail.LoginOption;
import io.vertx.ext.mail.MailClient;
import io.vertx.ext.mail.MailConfig;
import io.vertx.ext.mail.MailMessage;
import io.vertx.ext.mail.StartTLSOptions;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

import java.nio.file.Path;
import java.util.function.Function;

/** Sends mails in the background: no response waits for the mail server, so none shows whether there was a mail to send. */
public final class Mailer {

    private static final Logger LOG = LoggerFactory.getLogger(Mailer.class);
    private static final int CONNECT_MILLIS = 10_000;
    private static final int IDLE_SECONDS = 30;
    private static final int CONNECTIONS = 4;

    private final MailClient client;
    private final String from;

    private Mailer(MailClient client, String from) {
        this.client = client;
        this.from = from;
    }

    /** Reads the password and prepares the client. No connection is opened. @param file resolves files of the configuration */
    public static Future<Mailer> open(Vertx vertx, MailOptions options, Function<String, Path> file) {
        if (!options.isOn()) {
            return Future.succeededFuture(new Mailer(null, null));
        }
        return vertx.executeBlocking(() -> options.passwordFile() == null ? null : new SecretFile("mail.passwordFile", file.apply(options.passwordFile())).read(), false)
            .map(password -> new Mailer(MailClient.create(vertx, config(options, password)), options.from()));
    }

    private static MailConfig config(MailOptions options, String password) {
        MailConfig config = new MailConfig().setHostname(options.host()).setPort(options.port()).setMaxPoolSize(CONNECTIONS)
            .setSsl(options.security() == Security.TLS)
            .setStarttls(options.security() == Security.STARTTLS ? StartTLSOptions.REQUIRED : StartTLSOptions.DISABLED)
            .setLogin(options.username() == null ? LoginOption.DISABLED : LoginOption.REQUIRED);
        config.setConnectTimeout(CONNECT_MILLIS).setIdleTimeout(IDLE_SECONDS).setHostnameVerificationAlgorithm("HTTPS");
        return options.username() == null ? config : config.setUsername(options.username()).setPassword(password);
    }

    /** Returns whether the server sends mail. */
    public boolean isOn() {
        return client != null;
    }

    /** Sends a mail. Does nothing if the server sends no mail. */
    public void send(Mail mail) {
        if (isOn()) {
            client.sendMail(new MailMessage().setFrom(from).setTo(mail.to()).setSubject(mail.subject()).setText(mail.text()))
                .onFailure(failure -> LOG.warn("A mail was not sent ({}): {}", mail.subject(), failure.getMessage()));
        }
    }

    /** Closes the connections. */
    public Future<Void> close() {
        return isOn() ? client.close() : Future.succeededFuture();
    }
}
