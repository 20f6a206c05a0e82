package lab.todo;

import java.io.ByteArrayOutputStream;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * Documents as MongoDB sends them (bsonspec.org), with the few types that a todo needs.
 *
 * <p>A document is its own length, its elements, and a zero. An element is a type, a name
 * that ends with a zero, and a value. All numbers are little-endian.
 */
final class Bson {
    private static final int DOUBLE = 1, STRING = 2, DOCUMENT = 3, ARRAY = 4, BINARY = 5;
    private static final int OBJECT_ID = 7, BOOLEAN = 8, DATE = 9, NULL = 10;
    private static final int INT32 = 16, TIMESTAMP = 17, INT64 = 18;

    private Bson() {}

    static byte[] encode(Map<String, ?> document) {
        ByteArrayOutputStream elements = new ByteArrayOutputStream();
        document.forEach((name, value) -> writeElement(elements, name, value));
        ByteArrayOutputStream out = new ByteArrayOutputStream();
        out.writeBytes(int32(elements.size() + 5));
        out.writeBytes(elements.toByteArray());
        out.write(0);
        return out.toByteArray();
    }

    static byte[] int32(int value) {
        return little(Integer.BYTES).putInt(value).array();
    }

    /** Reads one document from where a buffer stands. */
    static Map<String, Object> decode(ByteBuffer in) {
        int end = in.position() + in.getInt();
        Map<String, Object> document = new LinkedHashMap<>();
        for (int type = in.get(); type != 0; type = in.get()) {
            document.put(readName(in), readValue(in, type));
        }
        in.position(end);
        return document;
    }

    private static void writeElement(ByteArrayOutputStream out, String name, Object value) {
        if (value == null) {
            begin(out, NULL, name);
        } else if (value instanceof String text) {
            begin(out, STRING, name);
            writeString(out, text);
        } else if (value instanceof Map<?, ?> document) {
            begin(out, DOCUMENT, name);
            out.writeBytes(encode(withStringKeys(document)));
        } else if (value instanceof List<?> list) {
            begin(out, ARRAY, name);
            out.writeBytes(encode(numbered(list)));
        } else if (value instanceof byte[] bytes) {
            begin(out, BINARY, name);
            out.writeBytes(int32(bytes.length));
            out.write(0); // the generic subtype
            out.writeBytes(bytes);
        } else if (value instanceof ObjectId id) {
            begin(out, OBJECT_ID, name);
            out.writeBytes(id.bytes());
        } else if (value instanceof Boolean truth) {
            begin(out, BOOLEAN, name);
            out.write(truth ? 1 : 0);
        } else if (value instanceof Integer number) {
            begin(out, INT32, name);
            out.writeBytes(int32(number));
        } else if (value instanceof Long number) {
            begin(out, INT64, name);
            out.writeBytes(little(Long.BYTES).putLong(number).array());
        } else {
            throw new IllegalArgumentException("no BSON type for " + value.getClass());
        }
    }

    private static Object readValue(ByteBuffer in, int type) {
        return switch (type) {
            case DOUBLE -> in.getDouble();
            case STRING -> readString(in);
            case DOCUMENT -> decode(in);
            case ARRAY -> new ArrayList<>(decode(in).values());
            case BINARY -> readBinary(in);
            case OBJECT_ID -> ObjectId.of(readBytes(in, ObjectId.BYTES));
            case BOOLEAN -> in.get() != 0;
            case DATE, TIMESTAMP, INT64 -> in.getLong();
            case NULL -> null;
            case INT32 -> in.getInt();
            default -> throw new IllegalArgumentException("unknown BSON type " + type);
        };
    }

    private static void begin(ByteArrayOutputStream out, int type, String name) {
        out.write(type);
        out.writeBytes(name.getBytes(StandardCharsets.UTF_8));
        out.write(0);
    }

    private static void writeString(ByteArrayOutputStream out, String text) {
        byte[] bytes = text.getBytes(StandardCharsets.UTF_8);
        out.writeBytes(int32(bytes.length + 1));
        out.writeBytes(bytes);
        out.write(0);
    }

    private static String readName(ByteBuffer in) {
        int start = in.position();
        while (in.get() != 0) {}
        return new String(in.array(), start, in.position() - start - 1, StandardCharsets.UTF_8);
    }

    private static String readString(ByteBuffer in) {
        byte[] bytes = readBytes(in, in.getInt());
        return new String(bytes, 0, bytes.length - 1, StandardCharsets.UTF_8);
    }

    private static byte[] readBinary(ByteBuffer in) {
        int length = in.getInt();
        in.get(); // the subtype
        return readBytes(in, length);
    }

    private static byte[] readBytes(ByteBuffer in, int length) {
        byte[] bytes = new byte[length];
        in.get(bytes);
        return bytes;
    }

    private static Map<String, Object> numbered(List<?> list) {
        Map<String, Object> document = new LinkedHashMap<>();
        list.forEach(item -> document.put(String.valueOf(document.size()), item));
        return document;
    }

    private static Map<String, Object> withStringKeys(Map<?, ?> document) {
        Map<String, Object> copy = new LinkedHashMap<>();
        document.forEach((name, value) -> copy.put((String) name, value));
        return copy;
    }

    private static ByteBuffer little(int bytes) {
        return ByteBuffer.allocate(bytes).order(ByteOrder.LITTLE_ENDIAN);
    }
}
