package dev.gatehouse.client.doctor;

import dev.gatehouse.shared.flight.Exchange;
import io.vertx.core.json.JsonArray;
import io.vertx.core.json.JsonObject;

import java.security.cert.CertificateParsingException;
import java.security.cert.X509Certificate;
import java.time.Instant;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Stream;

/**
 * One TLS handshake with an origin, and the certificates that it sent, its own first. A flight record keeps it as an exchange.
 *
 * @param origin scheme, host and port
 * @param connected false when nothing listens at the port
 * @param failure the reason for which the handshake failed; empty when it succeeded
 * @param protocol such as {@code TLSv1.3}; empty when the handshake failed
 * @param at the time of the handshake
 * @param trustedNow true when the certificates lead to an authority that is trusted here
 * @param trustedOnce true when they do so at a time at which all of them are valid
 */
record Handshake(String origin, boolean connected, String failure, String protocol, Instant at, boolean trustedNow, boolean trustedOnce,
                 List<Certificate> certificates) {

    /** The extension that names the place of the issuer's certificate (RFC 5280 §4.2.2.1). */
    private static final String AUTHORITY_INFORMATION = "1.3.6.1.5.5.7.1.1";
    private static final int DNS_NAME = 2;
    private static final int ADDRESS = 7;
    private static final int COMPLETED = 200;

    /**
     * A certificate, in the parts that the checks read.
     *
     * @param names the hosts that it is for, from the subject alternative name
     * @param selfSigned true when subject and issuer are the same
     * @param namesIssuersPlace true when it says where the certificate of its issuer is, as those of public authorities do
     */
    record Certificate(String subject, String issuer, Instant from, Instant to, List<String> names, boolean selfSigned, boolean namesIssuersPlace) {

        static Certificate of(X509Certificate certificate) {
            return new Certificate(certificate.getSubjectX500Principal().getName(), certificate.getIssuerX500Principal().getName(), certificate.getNotBefore().toInstant(),
                certificate.getNotAfter().toInstant(), hosts(certificate), certificate.getSubjectX500Principal().equals(certificate.getIssuerX500Principal()),
                certificate.getExtensionValue(AUTHORITY_INFORMATION) != null);
        }

        private static List<String> hosts(X509Certificate certificate) {
            try {
                return Optional.ofNullable(certificate.getSubjectAlternativeNames()).stream().flatMap(Collection::stream)
                    .filter(name -> name.get(0).equals(DNS_NAME) || name.get(0).equals(ADDRESS)).map(name -> name.get(1).toString()).toList();
            } catch (CertificateParsingException e) {
                return List.of();
            }
        }

        private JsonObject toJson() {
            return new JsonObject().put("subject", subject).put("issuer", issuer).put("from", from).put("to", to).put("names", new JsonArray(names))
                .put("selfSigned", selfSigned).put("namesIssuersPlace", namesIssuersPlace);
        }

        private static Certificate of(JsonObject json) {
            return new Certificate(json.getString("subject", ""), json.getString("issuer", ""), json.getInstant("from", Instant.MIN), json.getInstant("to", Instant.MAX),
                Evidence.texts(json, "names").toList(), json.getBoolean("selfSigned", false), json.getBoolean("namesIssuersPlace", false));
        }
    }

    static Handshake unconnected(String origin, String failure, Instant at) {
        return new Handshake(origin, false, failure, "", at, false, false, List.of());
    }

    static Handshake failed(String origin, String failure, Instant at) {
        return new Handshake(origin, true, failure, "", at, false, false, List.of());
    }

    boolean completed() {
        return failure.isEmpty();
    }

    Exchange toExchange() {
        JsonObject body = new JsonObject().put("protocol", protocol).put("connected", connected).put("at", at).put("trustedNow", trustedNow).put("trustedOnce", trustedOnce)
            .put("certificates", new JsonArray(certificates.stream().map(Certificate::toJson).toList()));
        return new Exchange(Step.TLS, "TLS", origin, Map.of(), "", completed() ? COMPLETED : 0, Map.of(), body.encode(), failure);
    }

    static Handshake of(Exchange exchange) {
        JsonObject body = exchange.json().orElseGet(JsonObject::new);
        Stream<?> certificates = body.getValue("certificates") instanceof JsonArray list ? list.stream() : Stream.of();
        return new Handshake(exchange.url(), body.getBoolean("connected", false), exchange.failure(), body.getString("protocol", ""), body.getInstant("at", Instant.EPOCH),
            body.getBoolean("trustedNow", false), body.getBoolean("trustedOnce", false),
            certificates.filter(JsonObject.class::isInstance).map(each -> Certificate.of((JsonObject) each)).toList());
    }
}
