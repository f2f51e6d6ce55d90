package dev.gatehouse.client.doctor;

import java.util.List;
import java.util.stream.Stream;

/** All checks, in the order of a login. Pure. */
final class Doctor {

    static final List<Check> CHECKS = Stream.of(CertificateChecks.ALL, ChallengeChecks.ALL, ResourceChecks.ALL, ServerChecks.ALL, clients(), CorsChecks.ALL, RegistrationChecks.ALL,
        AuthorizeChecks.ALL, DocumentChecks.ALL, TokenChecks.ALL, ProtocolChecks.ALL, StreamChecks.ALL).flatMap(List::stream).toList();

    private Doctor() {
    }

    private static List<Check> clients() {
        return ClientProfile.ALL.stream().filter(client -> !client.serverPlaces().isEmpty()).map(ClientDiscovery::check).toList();
    }

    static List<Finding> diagnose(Evidence evidence) {
        return CHECKS.stream().map(check -> check.apply(evidence)).toList();
    }

    /** The findings that concern one client: what it fails on, and what concerns every client. */
    static List<Finding> of(String client, List<Finding> findings) {
        return findings.stream().filter(finding -> finding.check().breaks().contains(client)).toList();
    }
}
