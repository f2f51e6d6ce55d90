package dev.gatehouse.authz.device;

import dev.gatehouse.authz.device.DeviceApprovals.Found;
import dev.gatehouse.authz.interaction.Fineprint;
import dev.gatehouse.authz.interaction.Notice;
import dev.gatehouse.authz.interaction.Permission;
import dev.gatehouse.authz.interaction.ServiceNames.Service;
import dev.gatehouse.authz.page.PagePaths;

import java.util.List;

/**
 * Asks whether a device may use the account. What it says of the application is the application's own word.
 *
 * @param code as the device shows it
 * @param otherCode where to type another
 */
record DeviceConsentPage(String action, String csrf, String code, String otherCode, String application, String applicationId, String account,
                         List<Service> services, List<Permission> scopes, Notice notice, List<Fineprint.Link> links) {

    static DeviceConsentPage of(Found found, String code, String csrf, String account, List<Service> services, List<Permission> scopes,
                                PagePaths paths) {
        return new DeviceConsentPage(paths.device(), csrf, UserCodes.shown(code), paths.device(), found.client().name(), found.client().id(),
            account, services, scopes, Notice.ofDevice(found.client()), Fineprint.of(found.client()));
    }

    public String title() {
        return "Connect a device?";
    }
}
