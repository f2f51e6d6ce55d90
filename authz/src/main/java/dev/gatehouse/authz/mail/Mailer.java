package dev.gatehouse.authz.mail;

import dev.gatehouse.authz.mail.MailOptions.Security;
import dev.gatehouse.shared.config.SecretFile;
import dev.gatehouse.shared.fetch.TrustedAuthorities;
import io.vertx.core.Future;
import io.vertx.core.Vertx;
import io.vertx.ext.mail.LoginOption;
import io.vertx.ext.mail.MailClient;
import io.vertx.ext.mail.MailConfig;
import io.vertx.ext.mail.MailMessage;
import io.vertx.ext.mail.SMTPException;
import io.vertx.ext.mail.StartTLSOptions;

import java.io.IOException;
import java.nio.file.Path;
import java.util.Set;
import java.util.function.Function;

/** Hands mails to the mail server. */
final class Mailer {

    private static final int CONNECT_MILLIS = 10_000;
    private static final int IDLE_SECONDS = 30;
    static final int CONNECTIONS = 4;
    /** Replies that refuse the mailbox (RFC 5321 §4.2.3). The operator corrects other failures, such as a refused login. */
    private static final Set<Integer> NO_MAILBOX = Set.of(550, 551, 552, 553);

    private final MailClient client;
    private final String from;

    private Mailer(MailClient client, String from) {
        this.client = client;
        this.from = from;
    }

    /** Reads the password and the trusted certificates, and prepares the client. No connection is opened. @param trustFile further authorities of certificates, or null */
    static Future<Mailer> open(Vertx vertx, MailOptions options, Function<String, Path> file, Path trustFile) {
        return vertx.executeBlocking(() -> config(options, file, trustFile), false).map(config -> new Mailer(MailClient.create(vertx, config), options.from()));
    }

    private static MailConfig config(MailOptions options, Function<String, Path> file, Path trustFile) throws IOException {
        MailConfig config = new MailConfig().setHostname(options.host()).setPort(options.port()).setMaxPoolSize(CONNECTIONS)
            .setSsl(options.security() == Security.TLS)
            .setStarttls(options.security() == Security.STARTTLS ? StartTLSOptions.REQUIRED : StartTLSOptions.DISABLED)
            .setLogin(options.username() == null ? LoginOption.DISABLED : LoginOption.REQUIRED);
        config.setConnectTimeout(CONNECT_MILLIS).setIdleTimeout(IDLE_SECONDS).setHostnameVerificationAlgorithm("HTTPS");
        if (trustFile != null) {
            config.setTrustOptions(TrustedAuthorities.withFile(trustFile));
        }
        return options.username() == null ? config : config.setUsername(options.username()).setPassword(new SecretFile("mail.passwordFile", file.apply(options.passwordFile())).read());
    }

    /** Sends a mail. @param id the local part of its Message-ID, by which mail programs recognize a repetition */
    Future<Void> send(Mail mail, String id) {
        MailMessage message = new MailMessage().setFrom(from).setTo(mail.to()).setSubject(mail.subject()).setText(mail.text());
        return client.sendMail(message.addHeader("Message-ID", "<" + id + "@" + from.substring(from.indexOf('@') + 1) + ">")).mapEmpty();
    }

    /** Returns whether a repetition would fail too. */
    static boolean isFinal(Throwable failure) {
        return failure instanceof SMTPException refusal && NO_MAILBOX.contains(refusal.getReplyCode());
    }

    /** The reason of a failure for the log. A reply may repeat the address of the recipient, so only its number is told. */
    static String reason(Throwable failure) {
        return failure instanceof SMTPException refusal ? "the mail server replied " + refusal.getReplyCode() : failure.getMessage();
    }

    Future<Void> close() {
        return client.close();
    }
}
