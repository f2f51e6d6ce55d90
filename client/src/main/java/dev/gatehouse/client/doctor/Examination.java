package dev.gatehouse.client.doctor;

import dev.gatehouse.client.http.HttpCaller;
import dev.gatehouse.client.oauth.UserInteraction;
import io.vertx.core.Future;
import io.vertx.core.Vertx;

import java.net.URI;
import java.time.Duration;
import java.util.Collection;
import java.util.Optional;

/** The whole walk at one server: discovery, registration, authorization, on request a login, and the protocol. */
final class Examination {

    /**
     * The settings of a walk.
     *
     * @param clientId of a pre-registered client, or the URL of a client ID metadata document; null to register
     * @param login the person who logs in; null to end at the login page
     * @param loginLimit the time for the login
     * @param streamLimit the time for the head of an event stream, and for each event that has to come at once
     */
    record Settings(URI server, Collection<ClientProfile> clients, String clientId, UserInteraction login, Duration loginLimit, Duration streamLimit) {
    }

    private final Vertx vertx;
    private final Settings settings;
    private final Recorder recorder;
    private final Walk walk;

    Examination(Vertx vertx, HttpCaller http, TlsWalk tls, Settings settings) {
        this.vertx = vertx;
        this.settings = settings;
        this.recorder = new Recorder(http);
        this.walk = new Walk(recorder, tls, settings.server(), settings.clients());
    }

    /** Runs on one event loop, whichever thread calls. */
    Future<Evidence> run() {
        return Future.future(examined -> vertx.runOnContext(start -> walk().onComplete(examined)));
    }

    private Future<Evidence> walk() {
        AuthorizationWalk authorization = new AuthorizationWalk(recorder, settings.server(), walk);
        return walk.discover().compose(evidence -> evidence.needsToken() ? logIn(authorization).<Void>mapEmpty() : openServer().<Void>mapEmpty()).map(done -> walk.evidence());
    }

    private Future<?> logIn(AuthorizationWalk authorization) {
        return authorization.register(settings.clients()).compose(done -> authorization.authorize(settings.clientId())).compose(done -> withDocument(authorization))
            .compose(done -> authorization.unregister());
    }

    /** Registers by a metadata document too, where the server offers that and can reach one of this machine. */
    private Future<?> withDocument(AuthorizationWalk authorization) {
        return settings.clientId() != null || !DocumentChecks.canBeFetched(walk.evidence()) ? trialLogin(null) : HostedDocument.listen(vertx, recorder)
            .compose(document -> authorization.authorizeBy(document).compose(done -> trialLogin(document)).eventually(document::close));
    }

    private Future<?> openServer() {
        return new ProtocolWalk(vertx, recorder, settings.server(), Optional.empty(), settings.streamLimit()).run();
    }

    /** @param document null where there is none that the server fetches */
    private Future<?> trialLogin(HostedDocument document) {
        if (settings.login() == null) {
            return Future.succeededFuture();
        }
        TrialLogin login = new TrialLogin(vertx, recorder, walk, settings.login(), settings.loginLimit());
        Evidence evidence = walk.evidence();
        return login.run(evidence, settings.clientId(), DocumentChecks.registers(evidence) ? document : null).compose(token -> token.isEmpty() ? Future.<Void>succeededFuture()
            : new ProtocolWalk(vertx, recorder, settings.server(), token, settings.streamLimit()).run().<Void>mapEmpty()).compose(done -> login.replay());
    }
}
