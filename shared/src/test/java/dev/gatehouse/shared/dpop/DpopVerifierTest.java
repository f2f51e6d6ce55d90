package dev.gatehouse.shared.dpop;

import static org.assertj.core.api.Assertions.assertThat;

import com.nimbusds.jose.JOSEObjectType;
import com.nimbusds.jose.JWSAlgorithm;
import com.nimbusds.jose.JWSHeader;
import com.nimbusds.jose.JWSObject;
import com.nimbusds.jose.Payload;
import com.nimbusds.jose.crypto.RSASSASigner;
import com.nimbusds.jose.jwk.RSAKey;
import dev.gatehouse.fixtures.ProofMaker;
import dev.gatehouse.fixtures.RsaKeys;
import dev.gatehouse.shared.dpop.DpopVerifier.DpopProof;
import dev.gatehouse.shared.dpop.DpopVerifier.ProofLifetime;
import dev.gatehouse.shared.dpop.DpopVerifier.ProofTarget;
import dev.gatehouse.shared.oauth.OAuthException;
import dev.gatehouse.shared.secret.MasterKey;
import dev.gatehouse.shared.secret.SecretToken;
import io.vertx.core.Vertx;
import io.vertx.core.json.JsonObject;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

import java.time.Clock;
import java.time.Instant;
import java.time.ZoneOffset;
import java.util.List;
import java.util.concurrent.CompletionException;
import java.util.function.Consumer;

class DpopVerifierTest {

    private static final String URL = "https://as.example.com/oauth/token";
    private static final Clock CLOCK = Clock.fixed(Instant.ofEpochSecond(1_800_000_000L), ZoneOffset.UTC);
    private static final long NOW = CLOCK.millis() / 1000;
    private static final Consumer<JsonObject> SAME = unchanged -> { };
    private static Vertx vertx;
    private static DpopNonces nonces;
    private static DpopVerifier verifier;
    private final ProofMaker client = new ProofMaker(CLOCK);

    @BeforeAll
    static void start() {
        vertx = Vertx.vertx();
        nonces = new DpopNonces(new MasterKey(new byte[32]).keyedHash("test"), CLOCK);
        verifier = new DpopVerifier(vertx, ProofLifetime.of(60), CLOCK);
    }

    @AfterAll
    static void stop() {
        vertx.close().toCompletionStage().toCompletableFuture().join();
    }

    @Test
    void goodProofYieldsItsKeyAndItsIdentifier() throws Exception {
        DpopProof proof = verify(client.proof("POST", URL, SAME, claims -> claims.put("jti", "once")));
        assertThat(proof).isEqualTo(new DpopProof(client.thumbprint(), "once", NOW, null));
        assertThat(proof.identifier()).isNotEqualTo(verify(new ProofMaker(CLOCK).proof("POST", URL, SAME,
            claims -> claims.put("jti", "once"))).identifier());
    }

    @Test
    void exactlyOneHeaderFieldIsTaken() {
        String proof = client.proof("POST", URL);
        assertThat(refusal(List.of(), ProofTarget.post(URL))).isEqualTo("invalid_dpop_proof: no proof");
        assertThat(refusal(List.of(proof, client.proof("POST", URL)), ProofTarget.post(URL))).isEqualTo("invalid_dpop_proof: several proofs");
        assertThat(refusal(List.of(proof + "," + proof), ProofTarget.post(URL))).startsWith("invalid_dpop_proof");
        assertThat(refusal(List.of(""), ProofTarget.post(URL))).startsWith("invalid_dpop_proof");
        assertThat(verify(proof)).isNotNull();
    }

    @ParameterizedTest
    @ValueSource(strings = {"JWT", "at+jwt", "dpop", "", "dpop+jwt "})
    void otherTypesAreRefused(String type) {
        refusedWithHeader(header -> header.put("typ", type));
        refusedWithHeader(header -> header.remove("typ"));
    }

    @ParameterizedTest
    @ValueSource(strings = {"none", "None", "HS256", "ES384", "RS256", "EdDSA", "ES256K", "es256", ""})
    void otherAlgorithmsThanTheKeysAreRefused(String algorithm) {
        refusedWithHeader(header -> header.put("alg", algorithm));
    }

    @Test
    void unsignedAndTamperedProofsAreRefused() {
        String proof = client.proof("POST", URL);
        int end = proof.lastIndexOf('.');
        refused(proof.substring(0, end + 1));
        refused(proof.substring(0, end));
        refused(proof.substring(0, end + 1) + SecretToken.encode(new byte[64]));
        String others = new ProofMaker(CLOCK).proof("POST", URL);
        refused(proof.substring(0, end) + others.substring(others.lastIndexOf('.')));
        assertThat(verify(proof)).isNotNull();
    }

    @Test
    void keyMustBePublicAndAsymmetricAndThere() {
        refusedWithHeader(header -> header.put("jwk", client.privateKey()));
        refusedWithHeader(header -> header.getJsonObject("jwk").put("k", "AAAA"));
        refusedWithHeader(header -> header.put("jwk", new JsonObject().put("kty", "oct").put("k", "AAAA")));
        refusedWithHeader(header -> header.put("jwk", new ProofMaker(CLOCK).publicKey()));
        refusedWithHeader(header -> header.put("jwk", "text"));
        refusedWithHeader(header -> header.getJsonObject("jwk").put("x", "AAAA"));
        refusedWithHeader(header -> header.getJsonObject("jwk").remove("y"));
        refusedWithHeader(header -> header.remove("jwk"));
        refusedWithHeader(header -> header.put("crit", List.of("exp")));
        refusedWithHeader(header -> header.put("jku", "https://attacker.example"));
    }

    @ParameterizedTest
    @ValueSource(strings = {"http://as.example.com/oauth/token", "https://as.example.com:444/oauth/token", "https://as.example.com/oauth/Token",
        "https://other.example.com/oauth/token", "https://as.example.com.evil.com/oauth/token", "https://user@as.example.com/oauth/token",
        "/oauth/token", "https:as.example.com", "not a url", "", "https://as.example.com/oauth/token/"})
    void otherUrlsAreRefused(String url) {
        refused(client.proof("POST", url));
    }

    @ParameterizedTest
    @ValueSource(strings = {URL, URL + "?a=b", URL + "#f", "HTTPS://AS.example.COM/oauth/token", "https://as.example.com:443/oauth/token",
        "https://as.example.com/oauth/./x/../token"})
    void caseOfHostDefaultPortQueryAndFragmentDoNotMatter(String url) {
        assertThat(verify(client.proof("POST", url))).isNotNull();
    }

    @Test
    void methodIsComparedExactly() {
        refused(client.proof("GET", URL));
        refused(client.proof("post", URL));
        assertThat(verify(client.proof("POST", URL))).isNotNull();
    }

    @Test
    void onlyFreshProofsAreTaken() {
        for (long good : new long[] {NOW - 60, NOW, NOW + 15}) {
            assertThat(verify(client.proof("POST", URL, SAME, claims -> claims.put("iat", good)))).isNotNull();
        }
        for (Object bad : new Object[] {NOW - 61, NOW + 16, 0, -1, Long.MAX_VALUE, 1e300, "text", Double.toString(NOW)}) {
            refusedWithClaims(claims -> claims.put("iat", bad));
        }
    }

    @Test
    void eachClaimHasToBeThereAndOfItsType() {
        for (String name : List.of("jti", "htm", "htu", "iat")) {
            refusedWithClaims(claims -> claims.remove(name));
            refusedWithClaims(claims -> claims.putNull(name));
            refusedWithClaims(claims -> claims.put(name, new JsonObject()));
        }
        refusedWithClaims(claims -> claims.put("jti", ""));
        refusedWithClaims(claims -> claims.put("jti", "x".repeat(257)));
        refusedWithClaims(claims -> claims.put("nonce", 5));
        assertThat(verify(client.proof("POST", URL, SAME, claims -> claims.put("jti", "x".repeat(256))))).isNotNull();
    }

    @Test
    void hugeProofsAreRefused() {
        refusedWithClaims(claims -> claims.put("more", "x".repeat(6_000)));
        refusedWithHeader(header -> header.put("more", "x".repeat(6_000)));
    }

    @Test
    void proofWithATokenHasToBeForThatToken() {
        ProofTarget target = new ProofTarget("POST", List.of(URL), "token");
        assertThat(refusal(List.of(client.proof("POST", URL)), target)).isEqualTo("invalid_dpop_proof: no ath");
        assertThat(refusal(List.of(withAth("other")), target)).isEqualTo("invalid_dpop_proof: another access token");
        assertThat(verify(withAth("token"), target, false)).isNotNull();
    }

    @Test
    void nonceHasToBeLiveWhereverItIsSent() {
        assertThat(refusal(List.of(client.proof("POST", URL)), ProofTarget.post(URL), true)).startsWith("use_dpop_nonce");
        assertThat(refusal(List.of(withNonce("made-up")), ProofTarget.post(URL))).startsWith("use_dpop_nonce");
        assertThat(verify(withNonce(nonces.current()), ProofTarget.post(URL), true).nonce()).isEqualTo(nonces.current());
        assertThat(verify(withNonce(nonces.current()), ProofTarget.post(URL), false)).isNotNull();
    }

    @ParameterizedTest
    @ValueSource(strings = {"RS256", "PS256"})
    void rsaKeysAreTaken(String algorithm) throws Exception {
        RSAKey key = RsaKeys.of(0);
        JsonObject claims = new JsonObject().put("jti", "1").put("htm", "POST").put("htu", URL).put("iat", NOW);
        JWSObject proof = new JWSObject(new JWSHeader.Builder(JWSAlgorithm.parse(algorithm)).type(new JOSEObjectType("dpop+jwt"))
            .jwk(key.toPublicJWK()).build(), new Payload(claims.encode()));
        proof.sign(new RSASSASigner(key));
        assertThat(verify(proof.serialize()).thumbprint()).isEqualTo(key.computeThumbprint().toString());
    }

    private String withAth(String token) {
        return client.proof("POST", URL, SAME, claims -> claims.put("ath", SecretToken.hash(token)));
    }

    private String withNonce(String nonce) {
        return client.proof("POST", URL, SAME, claims -> claims.put("nonce", nonce));
    }

    private void refusedWithHeader(Consumer<JsonObject> change) {
        refused(client.proof("POST", URL, change, SAME));
    }

    private void refusedWithClaims(Consumer<JsonObject> change) {
        refused(client.proof("POST", URL, SAME, change));
    }

    private static void refused(String proof) {
        assertThat(refusal(List.of(proof), ProofTarget.post(URL))).startsWith("invalid_dpop_proof");
    }

    private static DpopProof verify(String proof) {
        return verify(proof, ProofTarget.post(URL), false);
    }

    private static DpopProof verify(String proof, ProofTarget target, boolean nonceRequired) {
        return verifier.verify(List.of(proof), target).map(good -> nonces.require(good, nonceRequired)).toCompletionStage().toCompletableFuture().join();
    }

    private static String refusal(List<String> fields, ProofTarget target) {
        return refusal(fields, target, false);
    }

    private static String refusal(List<String> fields, ProofTarget target, boolean nonceRequired) {
        try {
            return "taken: " + verifier.verify(fields, target).map(good -> nonces.require(good, nonceRequired)).toCompletionStage().toCompletableFuture().join();
        } catch (CompletionException e) {
            return e.getCause() instanceof OAuthException refusal ? refusal.getMessage() : "defect: " + e.getCause();
        }
    }
}
