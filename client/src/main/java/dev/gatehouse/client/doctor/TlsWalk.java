package dev.gatehouse.client.doctor;

import dev.gatehouse.client.http.SecureUrl;
import io.netty.util.NetUtil;
import io.vertx.core.Future;
import io.vertx.core.Vertx;
import io.vertx.core.net.ClientSSLOptions;
import io.vertx.core.net.NetClient;
import io.vertx.core.net.NetClientOptions;
import io.vertx.core.net.NetSocket;
import io.vertx.core.net.TrustOptions;

import java.net.URI;
import java.security.GeneralSecurityException;
import java.security.KeyStore;
import java.security.cert.CertPathBuilder;
import java.security.cert.CertStore;
import java.security.cert.Certificate;
import java.security.cert.CollectionCertStoreParameters;
import java.security.cert.PKIXBuilderParameters;
import java.security.cert.TrustAnchor;
import java.security.cert.X509CertSelector;
import java.security.cert.X509Certificate;
import java.time.Clock;
import java.time.Instant;
import java.util.Date;
import java.util.List;
import java.util.Set;
import java.util.concurrent.TimeUnit;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import javax.net.ssl.SSLPeerUnverifiedException;
import javax.net.ssl.TrustManagerFactory;
import javax.net.ssl.X509TrustManager;

/**
 * Looks at the certificates of https origins in handshakes of its own, which accept every certificate. No request is sent over them: the connections
 * of the other steps verify certificates.
 */
final class TlsWalk {

    private static final int MILLIS = 10_000;

    private final Vertx vertx;
    private final TrustOptions trust;
    private final Clock clock;

    /** @param trust certificate authorities to trust, or null for the platform's */
    TlsWalk(Vertx vertx, TrustOptions trust, Clock clock) {
        this.vertx = vertx;
        this.trust = trust;
        this.clock = clock;
    }

    /** Makes a handshake with the origin of an https URL. */
    Future<Handshake> with(URI url) {
        NetClient client = vertx.createNetClient(new NetClientOptions().setConnectTimeout(MILLIS).setSslHandshakeTimeout(MILLIS)
            .setSslHandshakeTimeoutUnit(TimeUnit.MILLISECONDS));
        String origin = SecureUrl.origin(url);
        String host = url.getHost().replaceAll("[\\[\\]]", "");
        return client.connect(url.getPort() < 0 ? 443 : url.getPort(), host)
            .compose(socket -> secure(socket, host).compose(secured -> look(origin, secured)).recover(failure -> Future.succeededFuture(Handshake.failed(origin, reason(failure),
                clock.instant()))), failure -> Future.succeededFuture(Handshake.unconnected(origin, reason(failure), clock.instant())))
            .eventually(client::close);
    }

    private static Future<NetSocket> secure(NetSocket socket, String host) {
        ClientSSLOptions options = new ClientSSLOptions().setTrustAll(true).setHostnameVerificationAlgorithm("");
        socket.exceptionHandler(reset -> { });
        return (NetUtil.createInetAddressFromIpAddressString(host) == null ? socket.upgradeToSsl(options, host) : socket.upgradeToSsl(options)).map(socket);
    }

    private Future<Handshake> look(String origin, NetSocket socket) {
        Instant at = clock.instant();
        return vertx.executeBlocking(() -> {
            List<X509Certificate> chain = chain(socket);
            Set<TrustAnchor> anchors = anchors();
            List<Handshake.Certificate> certificates = chain.stream().map(Handshake.Certificate::of).toList();
            // The time of an authority does not count in a path (RFC 5280 §6.1.1).
            Instant once = Stream.concat(certificates.stream().limit(1), certificates.stream().skip(1).filter(each -> !each.selfSigned()))
                .map(Handshake.Certificate::from).max(Instant::compareTo).orElse(at);
            return new Handshake(origin, true, "", socket.sslSession().getProtocol(), at, leads(chain, anchors, at), leads(chain, anchors, once),
                certificates);
        });
    }

    private static List<X509Certificate> chain(NetSocket socket) throws SSLPeerUnverifiedException {
        return Stream.of(socket.sslSession().getPeerCertificates()).filter(X509Certificate.class::isInstance).map(X509Certificate.class::cast).toList();
    }

    private Set<TrustAnchor> anchors() throws Exception {
        TrustManagerFactory factory = TrustManagerFactory.getInstance(TrustManagerFactory.getDefaultAlgorithm());
        factory.init((KeyStore) null);
        TrustManagerFactory chosen = trust == null ? factory : trust.getTrustManagerFactory(vertx);
        return Stream.of(chosen.getTrustManagers()).filter(X509TrustManager.class::isInstance).map(X509TrustManager.class::cast)
            .flatMap(manager -> Stream.of(manager.getAcceptedIssuers())).map(authority -> new TrustAnchor(authority, null)).collect(Collectors.toSet());
    }

    /** Tells whether a path leads from the first certificate to an authority (RFC 5280 §6), at some time. */
    private static boolean leads(List<X509Certificate> chain, Set<TrustAnchor> anchors, Instant at) {
        X509CertSelector own = new X509CertSelector();
        own.setCertificate(chain.get(0));
        try {
            PKIXBuilderParameters parameters = new PKIXBuilderParameters(anchors, own);
            parameters.addCertStore(CertStore.getInstance("Collection", new CollectionCertStoreParameters(List.<Certificate>copyOf(chain))));
            parameters.setRevocationEnabled(false);
            parameters.setDate(Date.from(at));
            CertPathBuilder.getInstance("PKIX").build(parameters);
            return true;
        } catch (GeneralSecurityException untrusted) {
            return false;
        }
    }

    private static String reason(Throwable failure) {
        Throwable cause = failure;
        while (cause.getCause() != null && cause.getCause() != cause) {
            cause = cause.getCause();
        }
        return cause.getMessage() == null ? cause.getClass().getSimpleName() : cause.getMessage();
    }
}
