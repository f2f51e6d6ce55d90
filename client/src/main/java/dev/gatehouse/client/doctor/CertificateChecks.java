package dev.gatehouse.client.doctor;

import dev.gatehouse.client.doctor.Handshake.Certificate;
import io.netty.util.NetUtil;

import java.net.InetAddress;
import java.net.URI;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.Set;
import java.util.function.Function;
import java.util.function.Predicate;
import java.util.stream.Collectors;

/** TLS of the MCP server and of its authorization server. */
final class CertificateChecks {

    private static final String PATH = "RFC 5280 §6.1";
    /** The first bytes of an answer of HTTP in hexadecimal, as a failed handshake quotes them. */
    private static final String HTTP_ANSWER = "485454502f";
    /** Browsers fetch a missing certificate themselves, and so hide that the chain is incomplete. */
    private static final Set<String> NO_BROWSERS = Breaks.except("inspector");

    static final List<Check> ALL = List.of(
        new Check("tls-plain-http", "An https port speaks TLS, not plain HTTP", "RFC 9110 §4.2.2", Breaks.ALL,
            "Turn TLS on at this port, or let the proxy that has the certificate listen there; otherwise give clients an http URL of this machine.",
            each(handshake -> handshake.connected(), handshake -> Outcome.when(!isPlainHttp(handshake), "the port answers the handshake in plain HTTP"))),
        new Check("tls-version", "The server speaks TLS 1.2 or 1.3", "RFC 8996 §5; RFC 9325 §3.1.1", Breaks.ALL,
            "Allow TLSv1.2 and TLSv1.3: clients no longer speak TLS 1.0 and 1.1.",
            each(handshake -> handshake.connected() && !isPlainHttp(handshake), handshake -> Outcome.when(!isOldVersion(handshake), handshake.failure()))),
        new Check("tls-handshake", "The TLS handshake succeeds", "RFC 8446 §4", Breaks.ALL,
            "Let the server show a certificate for this name (SNI), with ciphers of today, and ask for no client certificate.",
            each(handshake -> handshake.connected() && !isPlainHttp(handshake) && !isOldVersion(handshake), handshake -> Outcome.when(handshake.completed(), handshake.failure()))),
        new Check("certificate-validity", "The certificates are valid now", "RFC 5280 §4.1.2.5", Breaks.ALL,
            "Renew the certificate, reload the server so that it uses the new one, and set the clock of the machine that issued it.", each(Handshake::completed, CertificateChecks::validity)),
        new Check("certificate-host", "The certificate names the host", "RFC 9525 §6; RFC 9110 §4.3.4", Breaks.ALL,
            "Get a certificate with this host in its subject alternative name, or give clients the URL with a host that it names. The common name does not count.",
            each(Handshake::completed, handshake -> {
                String host = URI.create(handshake.origin()).getHost().replaceAll("[\\[\\]]", "");
                List<String> names = handshake.certificates().get(0).names();
                return Outcome.when(names.stream().anyMatch(name -> isFor(name, host)), names.isEmpty() ? "it names no host" : "it names " + shown(names) + ", not " + host);
            })),
        new Check("certificate-self-signed", "The certificate is not self-signed", PATH, Breaks.ALL,
            "Get a certificate of a public authority, such as by ACME. For a network of your own sign it with an authority of your own, and let each client trust that.",
            each(Handshake::completed, handshake -> handshake.trustedOnce() ? Outcome.PASSED
                : Outcome.when(!handshake.certificates().get(0).selfSigned(), "subject and issuer are " + handshake.certificates().get(0).subject()))),
        new Check("certificate-chain", "The server sends the intermediate certificates", "RFC 8446 §4.4.2", NO_BROWSERS,
            "Serve the whole chain, the certificate of the server first (often named fullchain.pem). Browsers and curl of some systems work without it, other clients do not.",
            each(handshake -> handshake.completed() && !handshake.certificates().get(0).selfSigned(), handshake -> Outcome.when(handshake.trustedOnce() || endsAtRoot(handshake),
                "the certificate of " + last(handshake).issuer() + " is missing, which issued that of " + last(handshake).subject()))),
        new Check("certificate-authority", "The certificate authority is trusted", PATH, Breaks.ALL,
            "Get a certificate of a public authority. For an authority of your own let each client trust it: NODE_EXTRA_CA_CERTS, SSL_CERT_FILE, the trust store of Java; "
                + "clients in the cloud cannot. The doctor takes it with --ca FILE.",
            each(handshake -> handshake.completed() && !handshake.certificates().get(0).selfSigned() && (handshake.trustedOnce() || endsAtRoot(handshake)
                || !last(handshake).namesIssuersPlace()), handshake -> Outcome.when(handshake.trustedOnce(), "it is " + last(handshake).issuer()))));

    private CertificateChecks() {
    }

    /** Checks each handshake to which the rule applies; the first failure counts. */
    private static Function<Evidence, Outcome> each(Predicate<Handshake> applies, Function<Handshake, Outcome> rule) {
        return evidence -> {
            List<Handshake> made = evidence.handshakes();
            Optional<Outcome> failed = made.stream().filter(applies).map(handshake -> named(handshake, rule.apply(handshake)))
                .filter(outcome -> outcome.kind() == Outcome.Kind.FAILED).findFirst();
            return made.isEmpty() ? Outcome.skipped("no https") : made.stream().noneMatch(applies) ? Check.NOT_REACHED : failed.orElse(Outcome.PASSED);
        };
    }

    private static Outcome named(Handshake handshake, Outcome outcome) {
        return outcome.kind() == Outcome.Kind.FAILED ? Outcome.failed(handshake.origin() + ": " + outcome.seen()) : outcome;
    }

    private static boolean isPlainHttp(Handshake handshake) {
        return handshake.failure().contains(HTTP_ANSWER);
    }

    /** The alert of a server without a version that this client offers, or the complaint about an older version that the server chose. */
    private static boolean isOldVersion(Handshake handshake) {
        return handshake.failure().contains("protocol_version") || handshake.failure().contains("is not accepted by client preferences");
    }

    private static Outcome validity(Handshake handshake) {
        return handshake.certificates().stream().filter(each -> !each.selfSigned() || each == handshake.certificates().get(0))
            .filter(each -> handshake.at().isAfter(each.to()) || handshake.at().isBefore(each.from())).filter(each -> !handshake.trustedNow()).findFirst()
            .map(each -> Outcome.failed(each.subject() + (handshake.at().isAfter(each.to()) ? " expired at " + each.to() : " is not valid before " + each.from())))
            .orElse(Outcome.PASSED);
    }

    private static Certificate last(Handshake handshake) {
        return handshake.certificates().get(handshake.certificates().size() - 1);
    }

    private static boolean endsAtRoot(Handshake handshake) {
        return last(handshake).selfSigned();
    }

    private static String shown(List<String> names) {
        return names.stream().limit(5).collect(Collectors.joining(", ")) + (names.size() > 5 ? ", …" : "");
    }

    /** Compares addresses by their bytes, and names with a wildcard for the whole first label. */
    private static boolean isFor(String name, String host) {
        InetAddress address = NetUtil.createInetAddressFromIpAddressString(host);
        if (address != null) {
            return address.equals(NetUtil.createInetAddressFromIpAddressString(name));
        }
        String lower = name.toLowerCase(Locale.ROOT);
        String wanted = host.toLowerCase(Locale.ROOT);
        return lower.equals(wanted) || lower.startsWith("*.") && wanted.indexOf('.') > 0 && lower.substring(1).equals(wanted.substring(wanted.indexOf('.')));
    }
}
