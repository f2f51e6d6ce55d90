package dev.gatehouse.client.doctor;

import dev.gatehouse.client.http.CallException;
import dev.gatehouse.client.http.HttpCaller;
import dev.gatehouse.client.http.SecureUrl;
import dev.gatehouse.client.terminal.StandardTerminal;
import dev.gatehouse.client.terminal.SystemBrowser;
import dev.gatehouse.client.terminal.TerminalInteraction;
import dev.gatehouse.shared.fetch.TrustedAuthorities;
import dev.gatehouse.shared.flight.FlightRecord;
import io.vertx.core.Future;
import io.vertx.core.Vertx;
import io.vertx.core.VertxOptions;
import io.vertx.core.net.TrustOptions;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;

import java.io.IOException;
import java.net.URI;
import java.nio.file.Path;
import java.time.Clock;
import java.time.Duration;
import java.util.List;
import java.util.function.BiFunction;
import java.util.function.Function;
import java.util.stream.Collectors;

/** The options of the commands that examine a server. */
final class ExaminationOptions {

    private static final Duration STREAM = Duration.ofSeconds(5);

    @Option(names = "--client", paramLabel = "NAME", description = "Look at one client only, such as claude-web, vscode or cursor.")
    private String client;

    @Option(names = "--client-id", paramLabel = "ID", description = "A client that is registered at the server, or the URL of a client ID metadata document.")
    private String clientId;

    @Option(names = "--login", description = "Log in in the browser, and check tokens and tools as well.")
    private boolean login;

    @Option(names = "--login-seconds", paramLabel = "N", defaultValue = "120", description = "Wait so long for the login (default: ${DEFAULT-VALUE}).")
    private int loginSeconds;

    @Option(names = "--no-browser", description = "Show the address to sign in at; open no browser.")
    private boolean noBrowser;

    @Option(names = "--ca", paramLabel = "FILE", description = "Trust the certificate authorities of this PEM file as well.")
    private Path authorities;

    /** Examines a server and hands what was found to a report, on the command's own thread. */
    int examine(Clock clock, String target, CommandSpec spec, Function<Evidence, Integer> report) {
        URI server = parse(target, spec);
        List<ClientProfile> clients = clients(spec);
        TrustOptions trust = trust(spec);
        Vertx vertx = vertx();
        StandardTerminal terminal = new StandardTerminal(vertx, spec.commandLine().getErr());
        TerminalInteraction user = login ? new TerminalInteraction(terminal, noBrowser ? null : new SystemBrowser(vertx, System.getenv())) : null;
        Examination examination = new Examination(vertx, new HttpCaller(vertx, trust), new TlsWalk(vertx, trust, clock),
            new Examination.Settings(server, clients, clientId, user, Duration.ofSeconds(Math.max(loginSeconds, 1)), STREAM));
        return DoctorCommand.await(examination.run().map(report).eventually(vertx::close));
    }

    /** Repeats a record at a server and hands the answers to a report. */
    int replay(Clock clock, FlightRecord record, String target, CommandSpec spec, BiFunction<List<Replay.Resent>, Evidence, Integer> report) {
        URI server = parse(target, spec);
        clients(spec);
        TrustOptions trust = trust(spec);
        Vertx vertx = vertx();
        Replay replay = new Replay(new HttpCaller(vertx, trust), new TlsWalk(vertx, trust, clock), record, server);
        Future<List<Replay.Resent>> resent = Future.future(done -> vertx.runOnContext(start -> replay.run().onComplete(done)));
        return DoctorCommand.await(resent.map(all -> report.apply(all, replay.evidence())).eventually(vertx::close));
    }

    /** Certificate authorities to trust; null for the platform's. */
    private TrustOptions trust(CommandSpec spec) {
        try {
            return authorities == null ? null : TrustedAuthorities.withFile(authorities);
        } catch (IOException e) {
            throw new ParameterException(spec.commandLine(), "Cannot read certificate authorities: " + e.getMessage());
        }
    }

    boolean logsIn() {
        return login;
    }

    private static Vertx vertx() {
        // The platform's resolver knows what the hosts file says, and starts faster.
        System.setProperty("vertx.disableDnsResolver", "true");
        return Vertx.vertx(new VertxOptions().setEventLoopPoolSize(1).setWorkerPoolSize(4).setInternalBlockingPoolSize(2));
    }

    List<Finding> findings(Evidence evidence) {
        List<Finding> findings = Doctor.diagnose(evidence);
        return client == null ? findings : Doctor.of(client, findings);
    }

    private static URI parse(String target, CommandSpec spec) {
        try {
            URI url = SecureUrl.parse(target, "The server");
            if (url.getRawUserInfo() == null && url.getRawFragment() == null) {
                return url;
            }
        } catch (CallException e) {
            throw new ParameterException(spec.commandLine(), e.getMessage());
        }
        throw new ParameterException(spec.commandLine(), "The server's URL has user information or a fragment");
    }

    private List<ClientProfile> clients(CommandSpec spec) {
        List<ClientProfile> chosen = ClientProfile.ALL.stream().filter(profile -> client == null || profile.id().equals(client)).toList();
        if (chosen.isEmpty()) {
            throw new ParameterException(spec.commandLine(), "Unknown client " + client + "; known are " + ClientProfile.ALL.stream().map(ClientProfile::id)
                .collect(Collectors.joining(", ")));
        }
        return chosen;
    }
}
