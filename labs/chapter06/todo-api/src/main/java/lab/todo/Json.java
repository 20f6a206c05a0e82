package lab.todo;

import java.util.List;
import java.util.Map;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Collectors;

/** As much JSON as a todo needs: all of it out, and single fields in. */
final class Json {
    private static final String STRING = "\"((?:[^\"\\\\]|\\\\.)*)\"";
    private static final Pattern ESCAPE = Pattern.compile("\\\\(u([0-9a-fA-F]{4})|.)");

    private Json() {}

    static String write(Object value) {
        if (value instanceof Map<?, ?> document) {
            return document.entrySet().stream()
                    .map(field -> write(field.getKey()) + ":" + write(field.getValue()))
                    .collect(Collectors.joining(",", "{", "}"));
        }
        if (value instanceof List<?> list) {
            return list.stream().map(Json::write).collect(Collectors.joining(",", "[", "]"));
        }
        boolean isBare = value == null || value instanceof Number || value instanceof Boolean;
        return isBare ? String.valueOf(value) : quote(value.toString());
    }

    /** Reads a text field of an object; null if it isn't there. */
    static String textField(String json, String name) {
        Matcher field = Pattern.compile("\"" + name + "\"\\s*:\\s*" + STRING).matcher(json);
        return field.find() ? unescape(field.group(1)) : null;
    }

    /** Reads a true-or-false field of an object; null if it isn't there. */
    static Boolean truthField(String json, String name) {
        Matcher field = Pattern.compile("\"" + name + "\"\\s*:\\s*(true|false)").matcher(json);
        return field.find() ? Boolean.valueOf(field.group(1)) : null;
    }

    private static String quote(String text) {
        StringBuilder out = new StringBuilder("\"");
        for (char letter : text.toCharArray()) {
            if (letter == '"' || letter == '\\') {
                out.append('\\').append(letter);
            } else if (letter < ' ') {
                out.append(String.format("\\u%04x", (int) letter));
            } else {
                out.append(letter);
            }
        }
        return out.append('"').toString();
    }

    private static String unescape(String text) {
        return ESCAPE.matcher(text).replaceAll(found -> Matcher.quoteReplacement(meant(found.group(1))));
    }

    private static String meant(String escape) {
        return switch (escape.charAt(0)) {
            case 'n' -> "\n";
            case 't' -> "\t";
            case 'r' -> "\r";
            case 'b' -> "\b";
            case 'f' -> "\f";
            case 'u' -> escape.length() == 1
                    ? "u"
                    : String.valueOf((char) Integer.parseInt(escape.substring(1), 16));
            default -> escape;
        };
    }
}
