package dev.gatehouse.authz.device;

/**
 * Asks for the code that a device shows.
 *
 * @param code as typed before, or empty
 * @param error what is wrong with it, or empty
 */
record DevicePage(String action, String csrf, String code, String error) {

    public String title() {
        return "Connect a device";
    }
}
