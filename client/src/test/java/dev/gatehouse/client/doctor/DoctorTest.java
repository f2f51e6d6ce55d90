package dev.gatehouse.client.doctor;

import static org.assertj.core.api.Assertions.assertThat;

import dev.gatehouse.fixtures.Ports;
import dev.gatehouse.shared.flight.Exchange;
import io.vertx.core.json.JsonObject;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.Test;

import java.net.URI;
import java.util.List;
import java.util.Map;
import java.util.Set;

/** A healthy server has no fault, and neither have servers that leave out what is optional. */
final class DoctorTest {

    private static final Visit VISIT = new Visit();

    @AfterAll
    static void close() {
        VISIT.close();
    }

    @Test
    void aHealthyServerHasNoFailureAndEachCheckIsMade() {
        Evidence evidence = VISIT.examine(reply -> { });
        assertThat(Visit.failures(evidence)).isEmpty();
        List<String> ofTls = CertificateChecks.ALL.stream().map(Check::id).toList();
        assertThat(Doctor.diagnose(evidence).stream().filter(finding -> finding.outcome().kind() == Outcome.Kind.SKIPPED).map(finding -> finding.check().id()))
            .containsAll(ofTls).filteredOn(id -> !ofTls.contains(id)).containsExactly("registration-secret-expiry");
    }

    @Test
    void aServerWithoutStreamsHasNoFault() {
        assertThat(Visit.failures(VISIT.examine(reply -> {
            if (reply.open || reply.is("POST", "/messages")) {
                reply.open = false;
                reply.answer(405, "");
            }
        }))).isEmpty();
    }

    @Test
    void aServerThatFetchesNoDocumentOfThisMachineHasNoFaultAndTheReasonIsSaid() {
        try (PatientServer server = new PatientServer(VISIT.vertx, Ports.free(), reply -> { }).withoutDocuments()) {
            Evidence evidence = VISIT.examine(server.url());
            assertThat(Visit.failures(evidence)).isEmpty();
            assertThat(Visit.outcome(evidence, "document-registration").seen()).startsWith("the server did not fetch a document of this machine");
            assertThat(clientIdOfTheLogin(evidence)).startsWith("client-");
        }
    }

    @Test
    void theLoginIsThatOfTheDocumentWhereTheServerFetchesIt() {
        Evidence evidence = VISIT.examine(reply -> { });
        assertThat(Visit.outcome(evidence, "document-registration")).isEqualTo(Outcome.PASSED);
        assertThat(clientIdOfTheLogin(evidence)).startsWith("http://127.0.0.1:").endsWith("/client.json");
        assertThat(evidence.all(Step.DOCUMENT)).hasSize(2);
    }

    @Test
    void aServerElsewhereIsNotAskedForADocumentOfThisMachine() {
        Exchange metadata = new Exchange(Step.SERVER_METADATA, "GET", "https://as.example/.well-known/oauth-authorization-server", Map.of(), "", 200, Map.of(),
            "{\"client_id_metadata_document_supported\": true, \"authorization_endpoint\": \"https://as.example/authorize\"}", "");
        Evidence evidence = new Evidence(URI.create("https://mcp.example/mcp"), List.of(metadata));
        assertThat(DocumentChecks.canBeFetched(evidence)).isFalse();
        assertThat(Visit.outcome(evidence, "document-registration").seen()).contains("cannot fetch a document from here", "--client-id");
    }

    private static String clientIdOfTheLogin(Evidence evidence) {
        return Exchange.parameters(evidence.first(Step.TOKEN).orElseThrow().requestBody()).get("client_id");
    }

    @Test
    void aServerThatPromisesNoIssuerAndNamesNoneHasNoFault() {
        Evidence evidence = VISIT.examine(reply -> {
            if (reply.isMetadataOfServer()) {
                reply.put("authorization_response_iss_parameter_supported", false);
            }
            if (reply.is("GET", "/authorize")) {
                Visit.withoutParameter(reply, "iss");
            }
        });
        assertThat(Visit.failures(evidence)).isEmpty();
        assertThat(Visit.outcome(evidence, "login-issuer")).isEqualTo(Outcome.skipped("not promised"));
    }

    @Test
    void theAdviceForAnIssuerThatDiffersShowsBothAndSaysWhatToSend() {
        Evidence evidence = VISIT.examine(reply -> {
            if (reply.is("GET", "/authorize")) {
                Visit.withSlashAtTheIssuer(reply);
            }
        });
        String issuer = evidence.issuer().orElseThrow();
        assertThat(Visit.outcome(evidence, "login-issuer").seen()).isEqualTo("iss is " + issuer + "/, the issuer of the metadata is " + issuer);
        assertThat(new Report(evidence, Doctor.diagnose(evidence)).text()).contains("Change:  Add iss to every response, errors included, equal to the issuer of the metadata.");
    }

    @Test
    void documentsOfOtherResourcesOfTheHostAreNoFault() {
        assertThat(Visit.failures(VISIT.examine(reply -> {
            if (reply.is("GET", "/.well-known/oauth-protected-resource")) {
                reply.put("resource", "http://127.0.0.1/other");
                reply.put("resource_name", "Another");
            }
        }))).isEmpty();
    }

    @Test
    void eachCheckHasANameOfItsOwnAndKnownClients() {
        List<String> ids = Doctor.CHECKS.stream().map(Check::id).toList();
        assertThat(ids).doesNotHaveDuplicates();
        Set<String> clients = Set.copyOf(ClientProfile.ALL.stream().map(ClientProfile::id).toList());
        assertThat(Doctor.CHECKS).allSatisfy(check -> assertThat(clients).containsAll(check.breaks()));
    }

    @Test
    void registrationsHaveTheGrantTypesAndScopesOfTheServerWhereTheClientDoesThat() {
        Evidence evidence = VISIT.examine(reply -> { });
        assertThat(registration(evidence, "vscode").getJsonArray("grant_types")).containsExactly("authorization_code", "refresh_token");
        assertThat(registration(evidence, "gemini-cli").getString("scope")).isEqualTo("notes");
        assertThat(registration(evidence, "cursor").getString("scope")).isNull();
    }

    @Test
    void aLimitOfRegistrationsIsNoFault() {
        Evidence evidence = VISIT.examine(reply -> reply.status = reply.is("POST", "/register") ? 429 : reply.status);
        assertThat(Visit.failures(evidence)).noneMatch(failure -> failure.startsWith("registration-"));
        assertThat(Doctor.diagnose(evidence)).anyMatch(finding -> finding.check().id().equals("registration-cursor")
            && finding.outcome().seen().equals("the server limits registrations; try again later"));
    }

    private static JsonObject registration(Evidence evidence, String client) {
        return new JsonObject(evidence.first(Step.REGISTRATION + client).orElseThrow().requestBody());
    }
}
