package dev.gatehouse.authz;

import dev.gatehouse.authz.account.AccessStore;
import dev.gatehouse.authz.client.ClientLookup;
import dev.gatehouse.authz.client.document.DocumentClients;
import dev.gatehouse.authz.device.DeviceStore;
import dev.gatehouse.authz.device.UserCodes;
import dev.gatehouse.authz.interaction.ConsentStore;
import dev.gatehouse.authz.interaction.InteractionStore;
import dev.gatehouse.authz.interaction.ServiceNames;
import dev.gatehouse.authz.session.LoginFailureStore;
import dev.gatehouse.authz.session.SessionStore;
import dev.gatehouse.authz.user.UserStore;

/** The stores for login and consent. */
record BrowserStores(UserStore users, ClientLookup clients, DocumentClients documents, InteractionStore interactions,
                                 SessionStore sessions, ConsentStore consents, LoginFailureStore failures, AccessStore access, DeviceStore devices,
                                 UserCodes userCodes, ServiceNames services) {
}
