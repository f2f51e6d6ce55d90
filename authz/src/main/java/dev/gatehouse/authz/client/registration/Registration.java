package dev.gatehouse.authz.client.registration;

import dev.gatehouse.authz.client.Client;
import dev.gatehouse.authz.client.ClientPolicy;

/**
 * A client that registers itself.
 *
 * @param tokenHash of the token by which it may manage itself
 * @param fingerprint the same for what the same source registers in the same words
 * @param sourceHash of where it came from
 * @param initialTokenHash of the token that allows it; null where none is needed
 * @param mostClients how many clients may have registered themselves, with this one
 * @param mostAlike how many with this fingerprint may lie unused; the oldest make room
 * @param usualPolicy the policy of clients that the operator has decided nothing about in particular; only those make room
 * @param spared since when, in epoch milliseconds, none is removed for being alike
 */
public record Registration(Client client, String tokenHash, String fingerprint, String sourceHash, String initialTokenHash,
                           int mostClients, int mostAlike, ClientPolicy usualPolicy, long spared) {
}
