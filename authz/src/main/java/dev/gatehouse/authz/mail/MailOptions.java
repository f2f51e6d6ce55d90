package dev.gatehouse.authz.mail;

import dev.gatehouse.shared.oauth.Loopback;

import java.util.ArrayList;
import java.util.List;

/**
 * The mail server.
 *
 * @param host null to send no mail
 * @param username null for a server without a login
 * @param passwordFile a file with the password, relative to the data home or absolute; or null
 * @param from the address of the sender; required with a host
 */
public record MailOptions(String host, int port, Security security, String username, String passwordFile, String from) {

    /** The protection of the connection. */
    public enum Security {
        /** TLS after the command STARTTLS, which the server must offer. */
        STARTTLS,
        /** TLS from the start. */
        TLS,
        /** No protection. */
        NONE
    }

    /** Returns whether the server sends mail. */
    public boolean isOn() {
        return host != null;
    }

    /** Returns a problem for each setting that prevents the start. */
    public List<String> problems() {
        List<String> problems = new ArrayList<>();
        if (isOn() && (from == null || !Mail.isAddress(from))) {
            problems.add("mail.from: set the address of the sender");
        }
        if ((username == null) != (passwordFile == null)) {
            problems.add("mail.username and mail.passwordFile: set both, or none of them");
        }
        if (isOn() && security == Security.NONE && !Loopback.isLoopbackHost(host)) {
            problems.add("mail.security: a server on another machine needs starttls or tls, because mails have links that reset passwords");
        }
        return problems;
    }
}
