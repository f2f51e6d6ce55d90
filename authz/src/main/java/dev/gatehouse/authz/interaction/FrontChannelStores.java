package dev.gatehouse.authz.interaction;

import dev.gatehouse.authz.device.UserCodes;
import dev.gatehouse.authz.registration.DocumentClients;
import dev.gatehouse.authz.store.AccessStore;
import dev.gatehouse.authz.store.ClientLookup;
import dev.gatehouse.authz.store.CodeGrantStore;
import dev.gatehouse.authz.store.DeviceStore;
import dev.gatehouse.authz.store.ConsentStore;
import dev.gatehouse.authz.store.InteractionStore;
import dev.gatehouse.authz.store.LoginFailureStore;
import dev.gatehouse.authz.store.SessionStore;
import dev.gatehouse.authz.store.UserStore;

/** What login and consent read and write. */
public record FrontChannelStores(UserStore users, ClientLookup clients, DocumentClients documents, CodeGrantStore grants, InteractionStore interactions,
                                 SessionStore sessions, ConsentStore consents, LoginFailureStore failures, AccessStore access, DeviceStore devices,
                                 UserCodes userCodes, ServiceNames services) {
}
