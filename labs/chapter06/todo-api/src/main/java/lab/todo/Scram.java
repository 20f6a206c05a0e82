package lab.todo;

import java.nio.charset.StandardCharsets;
import java.security.GeneralSecurityException;
import java.security.MessageDigest;
import java.security.SecureRandom;
import java.util.Base64;
import java.util.HashMap;
import java.util.Map;
import javax.crypto.Mac;
import javax.crypto.SecretKeyFactory;
import javax.crypto.spec.PBEKeySpec;
import javax.crypto.spec.SecretKeySpec;

/** The client's half of a SCRAM-SHA-256 login (RFC 5802, RFC 7677): no password is sent. */
final class Scram {
    private final String password;
    private final String bare;

    Scram(String user, String password) {
        byte[] nonce = new byte[18];
        new SecureRandom().nextBytes(nonce);
        String name = user.replace("=", "=3D").replace(",", "=2C");
        this.password = password;
        this.bare = "n=" + name + ",r=" + Base64.getEncoder().encodeToString(nonce);
    }

    byte[] first() {
        return ascii("n,," + bare);
    }

    /** Answers the server's salt with a proof of knowing the password. */
    byte[] proof(byte[] challenge) throws GeneralSecurityException {
        String server = new String(challenge, StandardCharsets.US_ASCII);
        Map<String, String> fields = new HashMap<>();
        for (String field : server.split(",")) {
            fields.put(field.substring(0, 1), field.substring(2));
        }
        byte[] salt = Base64.getDecoder().decode(fields.get("s"));
        byte[] key = hmac(stretch(salt, Integer.parseInt(fields.get("i"))), "Client Key");
        String reply = "c=biws,r=" + fields.get("r");
        byte[] stored = MessageDigest.getInstance("SHA-256").digest(key);
        byte[] signature = hmac(stored, bare + "," + server + "," + reply);
        for (int i = 0; i < key.length; i++) {
            key[i] ^= signature[i];
        }
        return ascii(reply + ",p=" + Base64.getEncoder().encodeToString(key));
    }

    private byte[] stretch(byte[] salt, int rounds) throws GeneralSecurityException {
        PBEKeySpec spec = new PBEKeySpec(password.toCharArray(), salt, rounds, 256);
        return SecretKeyFactory.getInstance("PBKDF2WithHmacSHA256")
                .generateSecret(spec)
                .getEncoded();
    }

    private static byte[] hmac(byte[] key, String text) throws GeneralSecurityException {
        Mac mac = Mac.getInstance("HmacSHA256");
        mac.init(new SecretKeySpec(key, "HmacSHA256"));
        return mac.doFinal(ascii(text));
    }

    private static byte[] ascii(String text) {
        return text.getBytes(StandardCharsets.US_ASCII);
    }
}
