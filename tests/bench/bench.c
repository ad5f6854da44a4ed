/* C: whole operations of the installed library beside the same jobs by hand. Prints one JSON text.
   Usage: bench INPUTS ROUNDS [WORKLOAD,...]
          bench INPUTS memory    growth of the heap over a million calls, and time by number of threads */
#include <cjson/cJSON.h>
#include <kyso.h>
#include <malloc.h>
#include <openssl/core_names.h>
#include <openssl/crypto.h>
#include <openssl/evp.h>
#include <openssl/hmac.h>
#include <openssl/params.h>
#include <openssl/pem.h>
#include <openssl/rand.h>
#include <openssl/x509.h>
#include <pthread.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

/* Long enough for the clock and short enough to interleave: nanoseconds of CPU time. */
#define BATCH 2000000
#define WARM_UP 10000000
#define LARGEST (1024 * 1024)

static cJSON *inputs;
static const char *key_hex, *mac_key, *merchant, *receiver, *secure_pass, *passcode;
static unsigned char aes_key[32];
static EVP_PKEY *sign_key, *verify_key;
static char token[1024];

static void must(int holds, const char *what) {
    if (holds) return;
    fprintf(stderr, "%s\n", what);
    exit(1);
}

static const char *input(const char *group, const char *name) {
    const cJSON *found = cJSON_GetObjectItemCaseSensitive(inputs, group);
    if (name) found = cJSON_GetObjectItemCaseSensitive(found, name);
    must(cJSON_IsString(found), name ? name : group);
    return found->valuestring;
}

static long number(const char *group, const char *name) {
    return (long)cJSON_GetObjectItemCaseSensitive(cJSON_GetObjectItemCaseSensitive(inputs, group), name)->valuedouble;
}

/* What the jobs are given, looked up beforehand. */
static struct {
    const char *login_username, *login_password, *login_client_id, *login_client_secret, *tconnect_partner_code, *ipn,
        *appotapay_api_key, *appotapay_partner_code, *callback, *link_order_code, *link_return_url,
        *link_transaction_info, *link_buyer_info, *link_lang, *link_cancel_url, *link_notify_url, *return_query,
        *expected_order_code, *ibft_requestId, *ibft_bankAccountName, *ibft_bankName, *ibft_bankAccountNumber,
        *ibft_note, *ibft_answer, *line;
    long transfer_amount, link_price, expected_price, ibft_amount, issued_at;
    const char *transfer_sorted[12], *transfer_sent[12], *legacy_texts[17];
    long legacy_numbers[17];
} given;

/* What must be equal for all contenders, filled when a contender is asked to show its result. */
static char shown[3 * LARGEST];
static void show(const char *text) {
    strcat(shown, text);
    strcat(shown, "\n");
}

/* ---- The same primitives in two ways. Hexadecimal by tables. */

static char pairs_of_digits[256][2];
static signed char value_of_digit[256];

static void make_tables(void) {
    const char *digits = "0123456789abcdef";
    memset(value_of_digit, -1, sizeof value_of_digit);
    for (int i = 0; i < 256; i++) pairs_of_digits[i][0] = digits[i >> 4], pairs_of_digits[i][1] = digits[i & 15];
    for (int i = 0; i < 16; i++) value_of_digit[(int)digits[i]] = (signed char)i;
    for (int i = 10; i < 16; i++) value_of_digit[digits[i] - 'a' + 'A'] = (signed char)i;
}

static void to_hex(const unsigned char *bytes, size_t length, char *out) {
    for (size_t i = 0; i < length; i++) memcpy(out + 2 * i, pairs_of_digits[bytes[i]], 2);
    out[2 * length] = 0;
}

static int from_hex(const char *text, size_t length, unsigned char *out) {
    int bad = length % 2;
    for (size_t i = 0; i + 1 < length; i += 2) {
        int high = value_of_digit[(unsigned char)text[i]], low = value_of_digit[(unsigned char)text[i + 1]];
        bad |= high | low;
        out[i / 2] = (unsigned char)(high << 4 | low);
    }
    return bad >= 0 && length % 2 == 0;
}

struct way {
    void (*cipher)(int encrypt, const unsigned char *iv, const unsigned char *in, int length, unsigned char *out, int *out_length);
    void (*mac)(const char *text, size_t length, unsigned char digest[32]);
    void (*md5)(const char *text, size_t length, unsigned char digest[16]);
    void (*sign)(const char *text, size_t length, unsigned char signature[256]);
    int (*verify)(const char *text, size_t length, const unsigned char *signature, size_t signature_length);
};

static void finish_cipher(EVP_CIPHER_CTX *context, const unsigned char *in, int length, unsigned char *out, int *out_length) {
    int first = 0, last = 0;
    must(EVP_CipherUpdate(context, out, &first, in, length) == 1, "cipher");
    must(EVP_CipherFinal_ex(context, out + first, &last) == 1, "padding");
    *out_length = first + last;
}

static void cipher_per_call(int encrypt, const unsigned char *iv, const unsigned char *in, int length, unsigned char *out, int *out_length) {
    EVP_CIPHER_CTX *context = EVP_CIPHER_CTX_new();
    must(EVP_CipherInit_ex(context, EVP_aes_256_cbc(), NULL, aes_key, iv, encrypt) == 1, "cipher");
    finish_cipher(context, in, length, out, out_length);
    EVP_CIPHER_CTX_free(context);
}

static EVP_CIPHER_CTX *kept_ciphers[2];
static void cipher_reused(int encrypt, const unsigned char *iv, const unsigned char *in, int length, unsigned char *out, int *out_length) {
    must(EVP_CipherInit_ex(kept_ciphers[encrypt], NULL, NULL, NULL, iv, encrypt) == 1, "cipher");
    finish_cipher(kept_ciphers[encrypt], in, length, out, out_length);
}

static void mac_per_call(const char *text, size_t length, unsigned char digest[32]) {
    unsigned digest_length;
    must(HMAC(EVP_sha256(), mac_key, (int)strlen(mac_key), (const unsigned char *)text, length, digest, &digest_length) != NULL, "mac");
}

static EVP_MAC_CTX *kept_mac;
static void mac_reused(const char *text, size_t length, unsigned char digest[32]) {
    size_t digest_length;
    must(EVP_MAC_init(kept_mac, NULL, 0, NULL) == 1, "mac");
    must(EVP_MAC_update(kept_mac, (const unsigned char *)text, length) == 1, "mac");
    must(EVP_MAC_final(kept_mac, digest, &digest_length, 32) == 1, "mac");
}

static void md5_per_call(const char *text, size_t length, unsigned char digest[16]) {
    must(EVP_Digest(text, length, digest, NULL, EVP_md5(), NULL) == 1, "md5");
}

static EVP_MD_CTX *kept_digest;
static EVP_MD *kept_md5;
static void md5_reused(const char *text, size_t length, unsigned char digest[16]) {
    must(EVP_DigestInit_ex2(kept_digest, kept_md5, NULL) == 1, "md5");
    must(EVP_DigestUpdate(kept_digest, text, length) == 1, "md5");
    must(EVP_DigestFinal_ex(kept_digest, digest, NULL) == 1, "md5");
}

static void sign_per_call(const char *text, size_t length, unsigned char signature[256]) {
    size_t signature_length = 256;
    EVP_MD_CTX *context = EVP_MD_CTX_new();
    must(EVP_DigestSignInit(context, NULL, EVP_sha256(), NULL, sign_key) == 1, "sign");
    must(EVP_DigestSign(context, signature, &signature_length, (const unsigned char *)text, length) == 1, "sign");
    EVP_MD_CTX_free(context);
}

static int verify_per_call(const char *text, size_t length, const unsigned char *signature, size_t signature_length) {
    EVP_MD_CTX *context = EVP_MD_CTX_new();
    must(EVP_DigestVerifyInit(context, NULL, EVP_sha256(), NULL, verify_key) == 1, "verify");
    int holds = EVP_DigestVerify(context, signature, signature_length, (const unsigned char *)text, length);
    EVP_MD_CTX_free(context);
    return holds == 1;
}

static EVP_PKEY_CTX *kept_sign, *kept_verify;
static EVP_MD *kept_sha256;
static void sha256_reused(const char *text, size_t length, unsigned char digest[32]) {
    must(EVP_DigestInit_ex2(kept_digest, kept_sha256, NULL) == 1, "sha256");
    must(EVP_DigestUpdate(kept_digest, text, length) == 1, "sha256");
    must(EVP_DigestFinal_ex(kept_digest, digest, NULL) == 1, "sha256");
}

static void sign_reused(const char *text, size_t length, unsigned char signature[256]) {
    unsigned char digest[32];
    size_t signature_length = 256;
    sha256_reused(text, length, digest);
    must(EVP_PKEY_sign(kept_sign, signature, &signature_length, digest, 32) == 1, "sign");
}

static int verify_reused(const char *text, size_t length, const unsigned char *signature, size_t signature_length) {
    unsigned char digest[32];
    sha256_reused(text, length, digest);
    return EVP_PKEY_verify(kept_verify, signature, signature_length, digest, 32) == 1;
}

static const struct way per_call = {cipher_per_call, mac_per_call, md5_per_call, sign_per_call, verify_per_call};
static const struct way reused = {cipher_reused, mac_reused, md5_reused, sign_reused, verify_reused};

static void keep_contexts(void) {
    for (int encrypt = 0; encrypt < 2; encrypt++) {
        EVP_CIPHER *cipher = EVP_CIPHER_fetch(NULL, "AES-256-CBC", NULL);
        kept_ciphers[encrypt] = EVP_CIPHER_CTX_new();
        must(EVP_CipherInit_ex(kept_ciphers[encrypt], cipher, NULL, aes_key, NULL, encrypt) == 1, "cipher");
    }
    OSSL_PARAM digest[] = {OSSL_PARAM_construct_utf8_string(OSSL_MAC_PARAM_DIGEST, "SHA256", 0), OSSL_PARAM_construct_end()};
    kept_mac = EVP_MAC_CTX_new(EVP_MAC_fetch(NULL, "HMAC", NULL));
    must(EVP_MAC_init(kept_mac, (const unsigned char *)mac_key, strlen(mac_key), digest) == 1, "mac");
    kept_digest = EVP_MD_CTX_new();
    kept_md5 = EVP_MD_fetch(NULL, "MD5", NULL);
    kept_sha256 = EVP_MD_fetch(NULL, "SHA256", NULL);
    kept_sign = EVP_PKEY_CTX_new(sign_key, NULL);
    must(EVP_PKEY_sign_init(kept_sign) == 1 && EVP_PKEY_CTX_set_signature_md(kept_sign, EVP_sha256()) == 1, "sign");
    kept_verify = EVP_PKEY_CTX_new(verify_key, NULL);
    must(EVP_PKEY_verify_init(kept_verify) == 1 && EVP_PKEY_CTX_set_signature_md(kept_verify, EVP_sha256()) == 1, "verify");
}

/* ---- The jobs by hand. */

/* A text that grows; room is what the largest request needs. */
struct text {
    char bytes[4096];
    size_t length;
};

static void add(struct text *text, const char *more) {
    size_t length = strlen(more);
    memcpy(text->bytes + text->length, more, length + 1);
    text->length += length;
}

static void add_json_text(struct text *text, const char *value) {
    char *out = text->bytes + text->length;
    *out++ = '"';
    for (const unsigned char *in = (const unsigned char *)value; *in; in++) {
        if (*in == '"' || *in == '\\') *out++ = '\\', *out++ = (char)*in;
        else if (*in < 32) out += sprintf(out, "\\u%04x", *in);
        else *out++ = (char)*in;
    }
    *out++ = '"';
    *out = 0;
    text->length = (size_t)(out - text->bytes);
}

static void add_json(struct text *text, const char *name, const char *value) {
    add(text, text->length ? "," : "{");
    add_json_text(text, name);
    add(text, ":");
    add_json_text(text, value);
}

static void add_number(struct text *text, const char *name, long value) {
    char digits[32];
    snprintf(digits, sizeof digits, ":%ld", value);
    add(text, text->length ? "," : "{");
    add_json_text(text, name);
    add(text, digits);
}

static void add_encoded(struct text *text, const char *name, const char *value) {
    static const char digits[] = "0123456789ABCDEF";
    add(text, name);
    char *out = text->bytes + text->length;
    *out++ = '=';
    for (const unsigned char *in = (const unsigned char *)value; *in; in++) {
        int plain = (*in >= 'a' && *in <= 'z') || (*in >= 'A' && *in <= 'Z') || (*in >= '0' && *in <= '9');
        if (plain || *in == '-' || *in == '.' || *in == '_') *out++ = (char)*in;
        else if (*in == ' ') *out++ = '+';
        else *out++ = '%', *out++ = digits[*in >> 4], *out++ = digits[*in & 15];
    }
    *out = 0;
    text->length = (size_t)(out - text->bytes);
}

static void add_pair(struct text *text, const char *name, const char *value) {
    add(text, "&");
    add_encoded(text, name, value);
}

static char *seal_by_hand(const struct way *by, const char *plaintext, size_t length) {
    unsigned char *message = malloc(length + 48);
    int sealed = 0;
    must(RAND_bytes(message, 16) == 1, "random");
    by->cipher(1, message, (const unsigned char *)plaintext, (int)length, message + 16, &sealed);
    char *data = malloc(2 * (size_t)(sealed + 16) + 1);
    to_hex(message, (size_t)sealed + 16, data);
    free(message);
    return data;
}

static char *open_by_hand(const struct way *by, const char *data, size_t length) {
    unsigned char *message = malloc(length / 2 + 1);
    must(length >= 64 && from_hex(data, length, message), "hexadecimal");
    char *plaintext = malloc(length / 2 + 1);
    int opened = 0;
    by->cipher(0, message, message + 16, (int)(length / 2) - 16, (unsigned char *)plaintext, &opened);
    plaintext[opened] = 0;
    free(message);
    return plaintext;
}

static void login_by_hand(const struct way *by, int showing) {
    struct text payload = {.length = 0};
    add_json(&payload, "username", given.login_username);
    add_json(&payload, "password", given.login_password);
    add_json(&payload, "client_id", given.login_client_id);
    add_json(&payload, "client_secret", given.login_client_secret);
    add(&payload, "}");
    char *data = seal_by_hand(by, payload.bytes, payload.length);
    struct text body = {.length = 0}, partner = {.length = 0};
    add_json(&body, "data", data);
    add(&body, "}");
    add(&partner, "Partner-Code: ");
    add(&partner, given.tconnect_partner_code);
    if (showing) {
        char *opened = open_by_hand(by, data, strlen(data));
        show("https://sme-open-api-sandbox.tconnect.vn/openapi/v1/auth/login");
        show(opened);
        show(partner.bytes);
        free(opened);
    }
    free(data);
}

static const char *member(const cJSON *object, const char *name) {
    const cJSON *found = cJSON_GetObjectItemCaseSensitive(object, name);
    must(cJSON_IsString(found), name);
    return found->valuestring;
}

static void ipn_by_hand(const struct way *by, int showing) {
    const char *body = given.ipn;
    cJSON *envelope = cJSON_Parse(body);
    const char *data = member(envelope, "data");
    char *plaintext = open_by_hand(by, data, strlen(data));
    cJSON *ipn = cJSON_Parse(plaintext);
    double amount = cJSON_GetNumberValue(cJSON_GetObjectItemCaseSensitive(ipn, "amount"));
    must(amount > 0 && amount == (double)(long)amount, "amount");
    const char *request = member(ipn, "request_id"), *reference = member(ipn, "retrieval_ref_no");
    if (showing) {
        char digits[32];
        snprintf(digits, sizeof digits, "%ld", (long)amount);
        show(member(ipn, "order_id")), show(digits), show(request), show(reference);
    }
    cJSON_Delete(ipn);
    free(plaintext);
    cJSON_Delete(envelope);
}

/* The twelve fields in the order in which they are signed, and in that of the body. */
static const char *const SORTED[] = {"accountName", "accountNo", "accountType", "amount", "bankCode", "bankId", "channel",
                                     "contractNumber", "customerPhoneNumber", "feeType", "message", "partnerRefId"};
static const char *const SENT[] = {"bankCode", "accountNo", "accountType", "accountName", "amount", "feeType", "partnerRefId",
                                   "message", "customerPhoneNumber", "contractNumber", "channel", "bankId"};

static void token_by_hand(const struct way *by, char *out) {
    /* {"typ":"JWT","alg":"HS256","cty":"appotapay-api;v=1"} */
    static const char jose[] = "eyJ0eXAiOiJKV1QiLCJhbGciOiJIUzI1NiIsImN0eSI6ImFwcG90YXBheS1hcGk7dj0xIn0.";
    const char *api_key = given.appotapay_api_key;
    long now = given.issued_at;
    char jti[256];
    snprintf(jti, sizeof jti, "%s-%ld", api_key, now);
    struct text claims = {.length = 0};
    add_json(&claims, "iss", given.appotapay_partner_code);
    add_json(&claims, "jti", jti);
    add_json(&claims, "api_key", api_key);
    add_number(&claims, "exp", now + 300);
    add(&claims, "}");
    char *end = out;
    memcpy(end, jose, sizeof jose - 1), end += sizeof jose - 1;
    unsigned char digest[32];
    for (int part = 0; part < 2; part++) {
        char *start = end;
        if (part == 1) by->mac(out, (size_t)(end - out), digest), *end++ = '.', start = end;
        const unsigned char *bytes = part ? digest : (const unsigned char *)claims.bytes;
        end += EVP_EncodeBlock((unsigned char *)end, bytes, part ? 32 : (int)claims.length);
        while (end[-1] == '=') end--;
        for (char *c = start; c < end; c++) *c = *c == '+' ? '-' : *c == '/' ? '_' : *c;
    }
    *end = 0;
}

static void transfer_with(const struct way *by, int showing, int fresh) {
    char digits[32], made[1024], signature[65];
    snprintf(digits, sizeof digits, "%ld", given.transfer_amount);
    struct text text = {.length = 0}, body = {.length = 0}, header = {.length = 0};
    for (int i = 0; i < 12; i++) {
        if (i) add(&text, "&");
        add(&text, SORTED[i]);
        add(&text, "=");
        add(&text, strcmp(SORTED[i], "amount") ? given.transfer_sorted[i] : digits);
    }
    unsigned char digest[32];
    by->mac(text.bytes, text.length, digest);
    to_hex(digest, 32, signature);
    for (int i = 0; i < 12; i++) {
        if (strcmp(SENT[i], "amount")) add_json(&body, SENT[i], given.transfer_sent[i]);
        else add_number(&body, "amount", given.transfer_amount);
    }
    add_json(&body, "signature", signature);
    add(&body, "}");
    if (fresh) token_by_hand(by, made);
    add(&header, "X-APPOTAPAY-AUTH: Bearer ");
    add(&header, fresh ? made : token);
    if (showing) show("https://gateway.dev.appotapay.com/api/v1/service/transfer/make"), show(body.bytes), show(header.bytes);
}
static void transfer_by_hand(const struct way *by, int showing) { transfer_with(by, showing, 0); }
static void transfer_token_by_hand(const struct way *by, int showing) { transfer_with(by, showing, 1); }

static void token_header_by_hand(const struct way *by, int showing) {
    char made[1024];
    token_by_hand(by, made);
    struct text header = {.length = 0};
    add(&header, "Bearer ");
    add(&header, made);
    if (showing) show(header.bytes);
}

static void callback_by_hand(const struct way *by, int showing) {
    cJSON *message = cJSON_Parse(given.callback);
    const cJSON *row = cJSON_GetObjectItemCaseSensitive(message, "transaction");
    char text[1024];
    int length = snprintf(text, sizeof text, "amount=%ld&appotapayTransId=%s&errorCode=%d&partnerRefId=%s&time=%s&transferAmount=%ld&transferStatus=%s",
                          (long)cJSON_GetNumberValue(cJSON_GetObjectItemCaseSensitive(row, "amount")), member(row, "appotapayTransId"),
                          cJSON_GetObjectItemCaseSensitive(message, "errorCode")->valueint, member(row, "partnerRefId"), member(row, "time"),
                          (long)cJSON_GetNumberValue(cJSON_GetObjectItemCaseSensitive(row, "transferAmount")), member(row, "transferStatus"));
    must(length > 0 && (size_t)length < sizeof text, "length");
    unsigned char digest[32], code[32];
    by->mac(text, (size_t)length, digest);
    const char *signature = member(message, "signature");
    must(strlen(signature) == 64 && from_hex(signature, 64, code), "signature");
    must(CRYPTO_memcmp(digest, code, 32) == 0, "signature");
    if (showing) {
        char digits[32];
        snprintf(digits, sizeof digits, "%ld", (long)cJSON_GetNumberValue(cJSON_GetObjectItemCaseSensitive(row, "amount")));
        show(member(row, "partnerRefId")), show(digits), show(member(row, "transferStatus"));
    }
    cJSON_Delete(message);
}

static void hash(const struct way *by, const struct text *text, char code[33]) {
    unsigned char digest[16];
    by->md5(text->bytes, text->length, digest);
    to_hex(digest, 16, code);
}

static void link_by_hand(const struct way *by, int showing) {
    char digits[32], code[33];
    snprintf(digits, sizeof digits, "%ld", given.link_price);
    const char *signed_values[] = {merchant, receiver, digits, "vnd", given.link_order_code, secure_pass};
    struct text text = {.length = 0}, url = {.length = 0};
    for (int i = 0; i < 6; i++) {
        if (i) add(&text, "|");
        add(&text, signed_values[i]);
    }
    hash(by, &text, code);
    add(&url, "https://checkout-sandbox.hpay.com.vn/v1/checkout.php?");
    add_encoded(&url, "merchant_site_code", merchant);
    add_pair(&url, "return_url", given.link_return_url);
    add_pair(&url, "receiver", receiver);
    add_pair(&url, "transaction_info", given.link_transaction_info);
    add_pair(&url, "order_code", given.link_order_code);
    add_pair(&url, "price", digits);
    add_pair(&url, "currency", "vnd");
    add_pair(&url, "buyer_info", given.link_buyer_info);
    add_pair(&url, "lang", given.link_lang);
    add_pair(&url, "secure_code", code);
    add_pair(&url, "cancel_url", given.link_cancel_url);
    add_pair(&url, "notify_url", given.link_notify_url);
    add_pair(&url, "installment", "0");
    if (showing) show(url.bytes);
}

static const char *const LEGACY[] = {"return_url", "receiver", "transaction_info", "order_code", "price", "currency", "quantity", "tax",
                                     "discount", "fee_cal", "fee_shipping", "order_description", "buyer_info", "affiliate_code",
                                     "installment", "inpage", "payment_method_id"};
static const int IS_NUMBER[] = {0, 0, 0, 0, 1, 0, 1, 1, 1, 1, 1, 0, 0, 0, 1, 1, 1};

static void legacy_by_hand(const struct way *by, int showing) {
    char digits[17][24], code[33];
    const char *values[17];
    for (int i = 0; i < 17; i++) {
        if (IS_NUMBER[i]) snprintf(digits[i], sizeof digits[i], "%ld", given.legacy_numbers[i]), values[i] = digits[i];
        else values[i] = i == 1 ? receiver : given.legacy_texts[i];
    }
    struct text text = {.length = 0}, url = {.length = 0};
    add(&text, merchant);
    add(&url, "https://checkout-sandbox.hpay.com.vn/checkout.php?");
    add_encoded(&url, "merchant_site_code", merchant);
    for (int i = 0; i < 17; i++) {
        add(&text, " ");
        add(&text, values[i]);
        add_pair(&url, LEGACY[i], values[i]);
    }
    add(&text, " ");
    add(&text, secure_pass);
    hash(by, &text, code);
    add_pair(&url, "secure_code", code);
    add_pair(&url, "token", "");
    add_pair(&url, "token_type", "");
    if (showing) show(url.bytes);
}

static int decode_form(const char *in, size_t length, char *out) {
    for (const char *end = in + length; in < end; in++) {
        if (*in == '+') *out++ = ' ';
        else if (*in != '%') *out++ = *in;
        else if (end - in > 2 && from_hex(in + 1, 2, (unsigned char *)out)) out++, in += 2;
        else return 0;
    }
    *out = 0;
    return 1;
}

static void return_by_hand(const struct way *by, int showing) {
    static const char *const names[] = {"transaction_info", "order_code", "price", "payment_id", "payment_type", "error_text", "secure_code"};
    char values[7][512] = {{0}};
    const char *query = given.return_query;
    for (const char *pair = query, *next; pair; pair = next ? next + 1 : NULL) {
        next = strchr(pair, '&');
        size_t length = next ? (size_t)(next - pair) : strlen(pair);
        const char *sign = memchr(pair, '=', length);
        if (!sign) continue;
        for (int i = 0; i < 7; i++) {
            size_t name = strlen(names[i]), value = length - (size_t)(sign - pair) - 1;
            if ((size_t)(sign - pair) != name || memcmp(pair, names[i], name) != 0) continue;
            must(value < 512 && decode_form(sign + 1, value, values[i]), "value");
        }
    }
    struct text text = {.length = 0};
    for (int i = 0; i < 6; i++) add(&text, " "), add(&text, values[i]);
    add(&text, " "), add(&text, merchant), add(&text, " "), add(&text, secure_pass);
    unsigned char digest[16], code[16];
    by->md5(text.bytes, text.length, digest);
    must(strlen(values[6]) == 32 && from_hex(values[6], 32, code), "secure_code");
    must(CRYPTO_memcmp(digest, code, 16) == 0, "secure_code");
    must(!strcmp(values[1], given.expected_order_code) && atol(values[2]) == given.expected_price, "differs");
    if (showing) show(values[1]), show(values[2]), show(values[3]);
}

static void ibft_by_hand(const struct way *by, int showing) {
    char digits[32], signature[345];
    unsigned char bytes[256];
    snprintf(digits, sizeof digits, "%ld", given.ibft_amount);
    struct text text = {.length = 0}, body = {.length = 0};
    const char *signed_values[] = {given.ibft_requestId, merchant, digits, given.ibft_bankAccountName, passcode};
    for (int i = 0; i < 5; i++) {
        if (i) add(&text, "|");
        add(&text, signed_values[i]);
    }
    by->sign(text.bytes, text.length, bytes);
    EVP_EncodeBlock((unsigned char *)signature, bytes, 256);
    add_json(&body, "requestId", signed_values[0]);
    add_json(&body, "merchantId", merchant);
    add_json(&body, "merchantEmail", receiver);
    add_json(&body, "bankName", given.ibft_bankName);
    add_json(&body, "bankAccountNumber", given.ibft_bankAccountNumber);
    add_json(&body, "bankAccountName", signed_values[3]);
    add_json(&body, "amount", digits);
    add_json(&body, "note", given.ibft_note);
    add_json(&body, "secureChain", signature);
    add(&body, "}");
    if (showing) show("https://account-sandbox.hpay.com.vn/api/ibft/create"), show(body.bytes);
}

static void ibft_answer_by_hand(const struct way *by, int showing) {
    cJSON *answer = cJSON_Parse(given.ibft_answer);
    must(!strcmp(member(answer, "error_code"), "000"), "refused");
    const cJSON *data = cJSON_GetObjectItemCaseSensitive(answer, "data");
    struct text text = {.length = 0};
    const char *signed_values[] = {member(data, "requestId"), member(data, "bankAccountNumber"), member(data, "omiCashoutId"), passcode};
    for (int i = 0; i < 4; i++) {
        if (i) add(&text, "|");
        add(&text, signed_values[i]);
    }
    const char *signature = member(data, "secureChain");
    unsigned char bytes[260];
    must(strlen(signature) == 344 && EVP_DecodeBlock(bytes, (const unsigned char *)signature, 344) == 258, "signature");
    must(by->verify(text.bytes, text.length, bytes, 256), "signature");
    if (showing) show(signed_values[0]), show(signed_values[1]), show(signed_values[2]);
    cJSON_Delete(answer);
}

/* ---- The same by kyso. */

static kyso_client *tconnect, *appotapay, *hpay;

static kyso_client *client(const char *gateway) {
    char *config = cJSON_PrintUnformatted(cJSON_GetObjectItemCaseSensitive(inputs, gateway));
    kyso_client *made = NULL;
    kyso_result *result = kyso_client_new(gateway, strlen(gateway), config, strlen(config), &made);
    must(kyso_result_is_ok(result), gateway);
    kyso_result_free(result);
    free(config);
    return made;
}

static void set(kyso_params *params, const char *name, const char *value) {
    kyso_params_set_text(params, name, strlen(name), value, strlen(value));
}

static void set_number(kyso_params *params, const char *name, long value) {
    kyso_params_set_integer(params, name, strlen(name), value);
}

static kyso_result *run(const kyso_client *with, const char *operation, kyso_params *params) {
    kyso_result *result = kyso_call_params(with, operation, strlen(operation), params);
    must(kyso_result_is_ok(result), operation);
    kyso_params_free(params);
    return result;
}

static const char *text_of(const kyso_result *result, const char *pointer) {
    const char *found = kyso_result_text(result, pointer, strlen(pointer), NULL);
    must(found != NULL, pointer);
    return found;
}

/* What a program takes out of a request: url, body and one header. */
static void take(kyso_result *request, const char *header, const char *label, int showing) {
    const char *url = text_of(request, "/url"), *body = text_of(request, "/body");
    const char *value = header ? text_of(request, header) : NULL;
    if (showing) {
        show(url), show(body);
        if (value) strcat(shown, label), show(value);
    }
    kyso_result_free(request);
}

static void take_texts(kyso_result *result, const char *const *pointers, int showing) {
    for (; *pointers; pointers++) {
        const char *found = text_of(result, *pointers);
        if (showing) show(found);
    }
    kyso_result_free(result);
}

static void login_by_kyso(const struct way *by, int showing) {
    kyso_params *params = kyso_params_new();
    set(params, "username", given.login_username);
    set(params, "password", given.login_password);
    set(params, "client_id", given.login_client_id);
    set(params, "client_secret", given.login_client_secret);
    kyso_result *request = run(tconnect, "tconnect.auth.login", params);
    const char *url = text_of(request, "/url"), *body = text_of(request, "/body"), *partner = text_of(request, "/headers/Partner-Code");
    if (showing) {
        cJSON *envelope = cJSON_Parse(body);
        char *opened = open_by_hand(by, member(envelope, "data"), strlen(member(envelope, "data")));
        show(url), show(opened);
        strcat(shown, "Partner-Code: "), show(partner);
        free(opened);
        cJSON_Delete(envelope);
    }
    kyso_result_free(request);
}

static void ipn_by_kyso(const struct way *by, int showing) {
    (void)by;
    static const char *const taken[] = {"/order_id", "/amount", "/request_id", "/retrieval_ref_no", NULL};
    kyso_params *params = kyso_params_new();
    set(params, "body", given.ipn);
    take_texts(run(tconnect, "tconnect.ipn.read_callback", params), taken, showing);
}

static kyso_params *transfer_params(void) {
    kyso_params *params = kyso_params_new();
    for (int i = 0; i < 12; i++) {
        if (strcmp(SENT[i], "amount")) set(params, SENT[i], given.transfer_sent[i]);
        else set_number(params, "amount", given.transfer_amount);
    }
    return params;
}

static void transfer_by_kyso(const struct way *by, int showing) {
    (void)by;
    kyso_params *params = transfer_params();
    set(params, "token", token);
    take(run(appotapay, "appotapay.firm_banking.transfer", params), "/headers/X-APPOTAPAY-AUTH", "X-APPOTAPAY-AUTH: ", showing);
}

static void transfer_token_by_kyso(const struct way *by, int showing) {
    (void)by;
    kyso_params *params = transfer_params();
    set_number(params, "issued_at", given.issued_at);
    take(run(appotapay, "appotapay.firm_banking.transfer", params), "/headers/X-APPOTAPAY-AUTH", "X-APPOTAPAY-AUTH: ", showing);
}

static void token_by_kyso(const struct way *by, int showing) {
    (void)by;
    static const char *const taken[] = {"/headers/X-APPOTAPAY-AUTH", NULL};
    kyso_params *params = kyso_params_new();
    set_number(params, "issued_at", given.issued_at);
    take_texts(run(appotapay, "appotapay.auth.token", params), taken, showing);
}

static void callback_by_kyso(const struct way *by, int showing) {
    (void)by;
    static const char *const taken[] = {"/transaction/partnerRefId", "/transaction/amount", "/transaction/transferStatus", NULL};
    kyso_params *params = kyso_params_new();
    set(params, "body", given.callback);
    take_texts(run(appotapay, "appotapay.firm_banking.read_callback", params), taken, showing);
}

static const char *const URL[] = {"/url", NULL};

static void link_by_kyso(const struct way *by, int showing) {
    (void)by;
    kyso_params *params = kyso_params_new();
    set(params, "return_url", given.link_return_url);
    set(params, "transaction_info", given.link_transaction_info);
    set(params, "order_code", given.link_order_code);
    set_number(params, "price", given.link_price);
    set(params, "buyer_info", given.link_buyer_info);
    set(params, "lang", given.link_lang);
    set(params, "cancel_url", given.link_cancel_url);
    set(params, "notify_url", given.link_notify_url);
    take_texts(run(hpay, "hpay.checkout.create_link", params), URL, showing);
}

static void legacy_by_kyso(const struct way *by, int showing) {
    (void)by;
    kyso_params *params = kyso_params_new();
    for (int i = 0; i < 17; i++) {
        if (i == 1) continue;
        if (IS_NUMBER[i]) set_number(params, LEGACY[i], given.legacy_numbers[i]);
        else set(params, LEGACY[i], given.legacy_texts[i]);
    }
    take_texts(run(hpay, "hpay.checkout.create_legacy_link", params), URL, showing);
}

static void return_by_kyso(const struct way *by, int showing) {
    (void)by;
    static const char *const taken[] = {"/order_code", "/price", "/payment_id", NULL};
    kyso_params *params = kyso_params_new();
    set(params, "query", given.return_query);
    set(params, "link", "legacy");
    kyso_params_begin_object(params, "expected", 8);
    set(params, "order_code", given.expected_order_code);
    set_number(params, "price", given.expected_price);
    kyso_params_end(params);
    take_texts(run(hpay, "hpay.checkout.read_callback", params), taken, showing);
}

static void ibft_by_kyso(const struct way *by, int showing) {
    (void)by;
    kyso_params *params = kyso_params_new();
    set(params, "requestId", given.ibft_requestId);
    set(params, "bankName", given.ibft_bankName);
    set(params, "bankAccountNumber", given.ibft_bankAccountNumber);
    set(params, "bankAccountName", given.ibft_bankAccountName);
    set_number(params, "amount", given.ibft_amount);
    set(params, "note", given.ibft_note);
    take(run(hpay, "hpay.firm_banking.transfer", params), NULL, NULL, showing);
}

static void ibft_answer_by_kyso(const struct way *by, int showing) {
    (void)by;
    static const char *const taken[] = {"/data/requestId", "/data/bankAccountNumber", "/data/omiCashoutId", NULL};
    kyso_params *params = kyso_params_new();
    set(params, "body", given.ibft_answer);
    take_texts(run(hpay, "hpay.firm_banking.read_transfer", params), taken, showing);
}

/* ---- Large envelopes. */

static char *plain, *sealed;
static size_t plain_length, sealed_length;

static void make_large(size_t size) {
    const char *line = given.line;
    size_t length = strlen(line);
    free(plain), free(sealed);
    plain = malloc(size + 1);
    for (size_t i = 0; i < size; i++) plain[i] = line[i % length];
    plain[plain_length = size] = 0;
    sealed = seal_by_hand(&per_call, plain, plain_length);
    sealed_length = strlen(sealed);
}

static void show_opened(const char *data) {
    char *opened = open_by_hand(&per_call, data, strlen(data));
    show(opened);
    free(opened);
}

static void seal_large_by_hand(const struct way *by, int showing) {
    char *data = seal_by_hand(by, plain, plain_length);
    if (showing) show_opened(data);
    free(data);
}

static void open_large_by_hand(const struct way *by, int showing) {
    char *opened = open_by_hand(by, sealed, sealed_length);
    if (showing) show(opened);
    free(opened);
}

static void seal_large_by_kyso(const struct way *by, int showing) {
    (void)by;
    kyso_params *params = kyso_params_new();
    kyso_params_set_text(params, "plaintext", 9, plain, plain_length);
    kyso_result *result = run(tconnect, "tconnect.envelope.seal", params);
    const char *data = text_of(result, "/data");
    if (showing) show_opened(data);
    kyso_result_free(result);
}

static void open_large_by_kyso(const struct way *by, int showing) {
    (void)by;
    static const char *const taken[] = {"/plaintext", NULL};
    kyso_params *params = kyso_params_new();
    kyso_params_set_text(params, "data", 4, sealed, sealed_length);
    take_texts(run(tconnect, "tconnect.envelope.open", params), taken, showing);
}

/* ---- Measuring. */

typedef void job(const struct way *by, int showing);
static const struct workload {
    const char *name;
    size_t size;
    job *kyso, *hand;
} workloads[] = {
    {"login", 0, login_by_kyso, login_by_hand},
    {"ipn", 0, ipn_by_kyso, ipn_by_hand},
    {"seal_64k", 64 * 1024, seal_large_by_kyso, seal_large_by_hand},
    {"open_64k", 64 * 1024, open_large_by_kyso, open_large_by_hand},
    {"seal_1m", LARGEST, seal_large_by_kyso, seal_large_by_hand},
    {"open_1m", LARGEST, open_large_by_kyso, open_large_by_hand},
    {"transfer", 0, transfer_by_kyso, transfer_by_hand},
    {"transfer_token", 0, transfer_token_by_kyso, transfer_token_by_hand},
    {"callback", 0, callback_by_kyso, callback_by_hand},
    {"token", 0, token_by_kyso, token_header_by_hand},
    {"link", 0, link_by_kyso, link_by_hand},
    {"legacy_link", 0, legacy_by_kyso, legacy_by_hand},
    {"return", 0, return_by_kyso, return_by_hand},
    {"rsa_sign", 0, ibft_by_kyso, ibft_by_hand},
    {"rsa_verify", 0, ibft_answer_by_kyso, ibft_answer_by_hand},
};

static const struct {
    const char *name;
    const struct way *by;
} contenders[] = {{"kyso", &per_call}, {"OpenSSL, context per call", &per_call}, {"OpenSSL, reused", &reused}};

static int64_t thread_time(void) {
    struct timespec now;
    clock_gettime(CLOCK_THREAD_CPUTIME_ID, &now);
    return (int64_t)now.tv_sec * 1000000000 + now.tv_nsec;
}

static int64_t spent(const struct workload *workload, int contender, long calls) {
    job *does = contender ? workload->hand : workload->kyso;
    int64_t start = thread_time();
    for (long call = 0; call < calls; call++) does(contenders[contender].by, 0);
    return thread_time() - start;
}

static long calibrate(const struct workload *workload, int contender) {
    long calls = 1;
    int64_t total = 0, last = 0;
    while (total < WARM_UP) {
        total += last = spent(workload, contender, calls);
        if (last < BATCH / 2) calls *= 2;
    }
    calls = (long)((double)calls * BATCH / (double)last);
    return calls > 0 ? calls : 1;
}

static void check(const struct workload *workload) {
    char *first = NULL;
    for (int contender = 0; contender < 3; contender++) {
        shown[0] = 0;
        (contender ? workload->hand : workload->kyso)(contenders[contender].by, 1);
        must(shown[0] != 0, workload->name);
        if (!first) first = strdup(shown);
        if (!strcmp(first, shown)) continue;
        fprintf(stderr, "%s: %s gives another result:\n%.3000s\n%.3000s\n", workload->name, contenders[contender].name, shown, first);
        exit(1);
    }
    free(first);
}

static cJSON *measure(const struct workload *workload, int rounds) {
    if (workload->size) make_large(workload->size);
    check(workload);
    cJSON *rows = cJSON_CreateObject(), *samples[3];
    long calls[3];
    for (int i = 0; i < 3; i++) calls[i] = calibrate(workload, i), samples[i] = cJSON_AddArrayToObject(rows, contenders[i].name);
    for (int round = 0; round < rounds; round++) {
        for (int turn = 0; turn < 3; turn++) {
            int at = (turn + round) % 3;
            double each = (double)spent(workload, at, calls[at]) / (double)calls[at];
            cJSON_AddItemToArray(samples[at], cJSON_CreateNumber(each));
        }
    }
    return rows;
}

static void look_up(void) {
    given.login_username = input("login", "username");
    given.login_password = input("login", "password");
    given.login_client_id = input("login", "client_id");
    given.login_client_secret = input("login", "client_secret");
    given.tconnect_partner_code = input("tconnect", "partner_code");
    given.ipn = input("ipn", NULL);
    given.appotapay_api_key = input("appotapay", "api_key");
    given.appotapay_partner_code = input("appotapay", "partner_code");
    given.callback = input("callback", NULL);
    given.link_order_code = input("link", "order_code");
    given.link_return_url = input("link", "return_url");
    given.link_transaction_info = input("link", "transaction_info");
    given.link_buyer_info = input("link", "buyer_info");
    given.link_lang = input("link", "lang");
    given.link_cancel_url = input("link", "cancel_url");
    given.link_notify_url = input("link", "notify_url");
    given.return_query = input("return_query", NULL);
    given.expected_order_code = input("expected", "order_code");
    given.ibft_requestId = input("ibft", "requestId");
    given.ibft_bankAccountName = input("ibft", "bankAccountName");
    given.ibft_bankName = input("ibft", "bankName");
    given.ibft_bankAccountNumber = input("ibft", "bankAccountNumber");
    given.ibft_note = input("ibft", "note");
    given.ibft_answer = input("ibft_answer", NULL);
    given.line = input("line", NULL);
    given.transfer_amount = number("transfer", "amount");
    given.link_price = number("link", "price");
    given.expected_price = number("expected", "price");
    given.ibft_amount = number("ibft", "amount");
    given.issued_at = (long)cJSON_GetObjectItemCaseSensitive(inputs, "issued_at")->valuedouble;
    for (int i = 0; i < 12; i++) {
        if (strcmp(SORTED[i], "amount")) given.transfer_sorted[i] = input("transfer", SORTED[i]);
        if (strcmp(SENT[i], "amount")) given.transfer_sent[i] = input("transfer", SENT[i]);
    }
    for (int i = 0; i < 17; i++) {
        if (IS_NUMBER[i]) given.legacy_numbers[i] = number("legacy_link", LEGACY[i]);
        else if (i != 1) given.legacy_texts[i] = input("legacy_link", LEGACY[i]);
    }
}

/* ---- Memory and threads. */

static size_t repeat(long times) {
    static job *const jobs[] = {login_by_kyso, ipn_by_kyso, transfer_by_kyso, callback_by_kyso,
                                token_by_kyso, link_by_kyso, legacy_by_kyso, return_by_kyso};
    for (long call = 0; call < times; call++) jobs[call % 8](&per_call, 0);
    return mallinfo2().uordblks;
}

#define CALLS_OF_A_THREAD 100000
static void *thread(void *each) {
    int64_t start = thread_time();
    for (long call = 0; call < CALLS_OF_A_THREAD; call++) login_by_kyso(&per_call, 0);
    *(double *)each = (double)(thread_time() - start) / CALLS_OF_A_THREAD;
    return NULL;
}

static int by_size(const void *left, const void *right) {
    double difference = *(const double *)left - *(const double *)right;
    return difference < 0 ? -1 : difference > 0;
}

/* Nanoseconds of CPU time of a login, by the number of threads that share the client. */
static void add_threads(cJSON *report) {
    cJSON *rows = cJSON_AddObjectToObject(report, "threads");
    for (int count = 1; count <= 8; count *= 2) {
        pthread_t threads[8];
        double each[8];
        char name[8];
        for (int i = 0; i < count; i++) must(pthread_create(&threads[i], NULL, thread, &each[i]) == 0, "thread");
        for (int i = 0; i < count; i++) pthread_join(threads[i], NULL);
        qsort(each, (size_t)count, sizeof *each, by_size);
        snprintf(name, sizeof name, "%d", count);
        cJSON_AddNumberToObject(rows, name, each[count / 2]);
    }
}

static cJSON *memory(void) {
    cJSON *report = cJSON_CreateObject();
    cJSON_AddStringToObject(report, "host", "c");
    size_t before = repeat(100000), after = repeat(1000000);
    cJSON_AddNumberToObject(report, "growth", (double)after - (double)before);
    add_threads(report);
    return report;
}

static char *file(const char *path) {
    FILE *opened = fopen(path, "rb");
    char *text = calloc(1, 1 << 20);
    must(opened && text && fread(text, 1, (1 << 20) - 1, opened) > 0, path);
    fclose(opened);
    return text;
}

/* Whether a name is in a list with commas. */
static int listed(const char *list, const char *name) {
    size_t length = strlen(name);
    for (const char *found = list; (found = strstr(found, name)); found += length) {
        int begins = found == list || found[-1] == ',';
        if (begins && (found[length] == ',' || found[length] == 0)) return 1;
    }
    return 0;
}

int main(int count, char **arguments) {
    must(count >= 3, "usage: bench INPUTS ROUNDS [WORKLOAD,...]");
    char *text = file(arguments[1]);
    inputs = cJSON_Parse(text);
    must(inputs != NULL, "inputs");
    make_tables();
    key_hex = input("tconnect", "key"), mac_key = input("appotapay", "secret_key");
    merchant = input("hpay", "merchant_site_code"), receiver = input("hpay", "receiver");
    secure_pass = input("hpay", "secure_pass"), passcode = input("hpay", "passcode");
    must(from_hex(key_hex, 64, aes_key), "key");
    BIO *pem = BIO_new_mem_buf(input("hpay", "private_key"), -1);
    sign_key = PEM_read_bio_PrivateKey(pem, NULL, NULL, NULL);
    BIO_free(pem);
    pem = BIO_new_mem_buf(input("hpay", "hpay_certificate"), -1);
    verify_key = X509_get_pubkey(PEM_read_bio_X509(pem, NULL, NULL, NULL));
    BIO_free(pem);
    must(sign_key && verify_key, "keys");
    keep_contexts();
    look_up();
    token_by_hand(&per_call, token);
    tconnect = client("tconnect"), appotapay = client("appotapay"), hpay = client("hpay");

    if (!strcmp(arguments[2], "memory")) return puts(cJSON_PrintUnformatted(memory())), 0;

    cJSON *report = cJSON_CreateObject();
    cJSON_AddStringToObject(report, "host", "c");
    cJSON *versions = cJSON_AddObjectToObject(report, "versions");
    cJSON_AddStringToObject(versions, "kyso", kyso_version());
    cJSON_AddStringToObject(versions, "openssl", OpenSSL_version(OPENSSL_VERSION));
    cJSON_AddStringToObject(versions, "cc", __VERSION__);
    cJSON *measured = cJSON_AddObjectToObject(report, "workloads");
    for (size_t i = 0; i < sizeof workloads / sizeof *workloads; i++) {
        if (count > 3 && *arguments[3] && !listed(arguments[3], workloads[i].name)) continue;
        cJSON_AddItemToObject(measured, workloads[i].name, measure(&workloads[i], atoi(arguments[2])));
    }
    char *json = cJSON_PrintUnformatted(report);
    puts(json);
    return 0;
}
