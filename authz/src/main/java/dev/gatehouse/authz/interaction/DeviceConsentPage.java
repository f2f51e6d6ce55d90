package dev.gatehouse.authz.interaction;

import dev.gatehouse.authz.device.DeviceApprovals.Found;
import dev.gatehouse.authz.device.UserCodes;

import java.util.List;

/**
 * Asks whether a device may use the account. What it says of the application is the application's own word.
 *
 * @param code as the device shows it
 * @param otherCode where to type another
 * @param verified whether the operator registered the application
 */
record DeviceConsentPage(String action, String csrf, String code, String otherCode, String application, String applicationId, String account,
                         List<String> resources, List<Permission> scopes, boolean verified) {

    static DeviceConsentPage of(Found found, String code, String csrf, String account, List<Permission> scopes, PagePaths paths) {
        return new DeviceConsentPage(paths.device(), csrf, UserCodes.shown(code), paths.device(), found.client().name(), found.client().id(),
            account, found.device().resources(), scopes, found.client().isVouchedFor());
    }

    public String title() {
        return "Connect a device?";
    }
}
