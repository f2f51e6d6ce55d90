package dev.gatehouse.authz.client;

/** Clients that are known in some other way than by a row in the store. */
public interface ClientSource extends ClientLookup {

    /** Whether an identifier has the form of this source's clients, whether or not there is one. */
    boolean owns(String clientId);
}
