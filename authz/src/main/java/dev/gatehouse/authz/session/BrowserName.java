package dev.gatehouse.authz.session;

import java.util.LinkedHashMap;
import java.util.Map;

/** A short name for a browser, from its {@code User-Agent}. The browser chooses that text itself, so the name proves nothing. */
public final class BrowserName {

    private static final Map<String, String> BROWSERS = ordered("Edg", "Edge", "OPR/", "Opera", "SamsungBrowser/", "Samsung Internet", "Firefox/", "Firefox",
        "FxiOS/", "Firefox", "CriOS/", "Chrome", "HeadlessChrome/", "Chrome", "Chromium/", "Chromium", "Chrome/", "Chrome", "Safari/", "Safari");
    private static final Map<String, String> SYSTEMS = ordered("iPhone", "iPhone", "iPad", "iPad", "Android", "Android", "CrOS", "ChromeOS", "Windows", "Windows",
        "Macintosh", "macOS", "Linux", "Linux");

    private BrowserName() {
    }

    private static Map<String, String> ordered(String... marksAndNames) {
        Map<String, String> names = new LinkedHashMap<>();
        for (int i = 0; i < marksAndNames.length; i += 2) {
            names.put(marksAndNames[i], marksAndNames[i + 1]);
        }
        return names;
    }

    /** @param userAgent the header, or null */
    public static String of(String userAgent) {
        if (userAgent == null) {
            return "Unknown browser";
        }
        String browser = named(BROWSERS, userAgent, "Unknown browser");
        String system = named(SYSTEMS, userAgent, "");
        return system.isEmpty() ? browser : browser + " on " + system;
    }

    private static String named(Map<String, String> names, String userAgent, String otherwise) {
        return names.entrySet().stream().filter(each -> userAgent.contains(each.getKey())).map(Map.Entry::getValue).findFirst().orElse(otherwise);
    }
}
