package dev.gatehouse.client.doctor;

import dev.gatehouse.client.http.SecureUrl;
import dev.gatehouse.shared.flight.Exchange;

import java.util.List;
import java.util.Set;

/** Registration by a client ID metadata document, which the doctor serves on this machine. */
final class DocumentChecks {

    private static final String FAR = "the server is not on this machine and cannot fetch a document from here; name one at a public https URL with --client-id";
    private static final Set<String> CLIENTS = Set.of("claude-web", "claude-code", "chatgpt", "vscode", "codex");

    static final List<Check> ALL = List.of(
        new Check("document-registration", "A client ID metadata document registers a client", "MCP 2025-11-25, client ID metadata documents", CLIENTS,
            "Fetch the document at client_id, take its redirect_uris and show the login page; or leave client_id_metadata_document_supported out.", DocumentChecks::registration));

    private DocumentChecks() {
    }

    private static boolean isOffered(Evidence evidence) {
        return evidence.authorizationServer().filter(document -> Boolean.TRUE.equals(document.getValue("client_id_metadata_document_supported"))).isPresent();
    }

    private static boolean isOnThisMachine(Evidence evidence) {
        return evidence.endpoint("authorization_endpoint").flatMap(ChallengeChecks::url).filter(SecureUrl::isLoopback).isPresent();
    }

    /** Returns true when the server offers documents and can reach one of this machine. */
    static boolean canBeFetched(Evidence evidence) {
        return isOffered(evidence) && isOnThisMachine(evidence);
    }

    /** Returns true when the server fetched the document of the walk and did not refuse its client. */
    static boolean registers(Evidence evidence) {
        return registration(evidence).kind() == Outcome.Kind.PASSED;
    }

    private static Outcome registration(Evidence evidence) {
        List<Exchange> hops = evidence.all(Step.AUTHORIZE_DOCUMENT);
        if (!isOffered(evidence) || !isOnThisMachine(evidence)) {
            return Outcome.skipped(isOffered(evidence) ? FAR : "not offered");
        }
        if (hops.isEmpty()) {
            return Check.NOT_REACHED;
        }
        Exchange last = hops.get(hops.size() - 1);
        if (evidence.first(Step.DOCUMENT).isEmpty()) {
            return Outcome.skipped("the server did not fetch a document of this machine, as is right in production: " + RegistrationChecks.seen(last));
        }
        boolean refused = last.status() == 0 || last.status() >= 400 || Exchange.query(last.header("location")).containsKey("error");
        return Outcome.when(!refused, "the document was fetched, then " + RegistrationChecks.seen(last));
    }
}
