package dev.gatehouse.authz.store;

/**
 * A client that registers itself.
 *
 * @param tokenHash of the token by which it may manage itself
 * @param fingerprint the same for what the same source registers in the same words
 * @param initialTokenHash of the token that allows it; null where none is needed
 * @param mostClients how many clients may have registered themselves, with this one
 * @param mostAlike how many with this fingerprint may lie unused; the oldest make room
 */
public record Registration(Client client, String tokenHash, String fingerprint, String initialTokenHash, int mostClients,
                           int mostAlike) {
}
