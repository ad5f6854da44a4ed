/* The main job of all three gateways on their published examples. Prints one line per step: step, tab, result. */
#include <kyso.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

static const char *folder;

static void show(const char *step, const char *result) { printf("%s\t%s\n", step, result); }

/* A raw message, to be freed. */
static char *message(const char *name) {
    char path[1024];
    snprintf(path, sizeof path, "%s/%s", folder, name);
    FILE *file = fopen(path, "rb");
    char *text = calloc(1, 65536);
    if (!file || !text || fread(text, 1, 65535, file) == 0) exit(2);
    fclose(file);
    return text;
}

static kyso_client *made(kyso_result *result, kyso_client *client) {
    if (!kyso_result_is_ok(result)) {
        fprintf(stderr, "%s\n", kyso_error_message(result, NULL));
        exit(1);
    }
    kyso_result_free(result);
    return client;
}

static const char *text(const kyso_result *result, const char *pointer) {
    const char *found = kyso_result_text(result, pointer, strlen(pointer), NULL);
    return found ? found : "absent";
}

/* Shows one text of a result. */
static void show_text(const char *step, kyso_result *result, const char *pointer) {
    show(step, kyso_result_is_ok(result) ? text(result, pointer) : kyso_error_message(result, NULL));
    kyso_result_free(result);
}

static void refused(const char *step, kyso_result *result) {
    char line[256] = "ACCEPTED: this must not happen";
    if (!kyso_result_is_ok(result)) {
        const char *field = kyso_error_field(result, NULL);
        snprintf(line, sizeof line, "refused: %s%s%s", kyso_error_code_name(result, NULL), field ? " " : "",
                 field ? field : "");
    }
    show(step, line);
    kyso_result_free(result);
}

/* Reads a raw message: `name` is `body` or `query`, `more` further members as JSON text or NULL. */
static kyso_result *read_message(const kyso_client *client, const char *operation, const char *name, const char *file,
                                 const char *more_name, const char *more) {
    kyso_params *params = kyso_params_new();
    char *raw = message(file);
    kyso_params_set_text(params, name, strlen(name), raw, strlen(raw));
    if (more) kyso_params_set_json(params, more_name, strlen(more_name), more, strlen(more));
    if (strcmp(operation, "appotapay.signature.verify") == 0) {
        const char *digest = "c0bd34c43314165b1474c190c71fee22bca6bd0cf8273853bb9acb510d6063bf";
        kyso_params_set_text(params, KYSO_TEXT("signature"), digest, strlen(digest));
    }
    kyso_result *result = kyso_call_params(client, operation, strlen(operation), params);
    kyso_params_free(params);
    free(raw);
    return result;
}

static void tconnect(void) {
    const char *config =
        "{\"partner_code\":\"1111111\",\"environment\":\"sandbox\","
        "\"key\":\"603deb1015ca71be2b73aef0857d77811f352c073b6108d72d9810a30914dff4\"}";
    kyso_client *client = NULL;
    kyso_result *result = kyso_tconnect_new(config, strlen(config), &client);
    client = made(result, client);

    const char *login =
        "{\"username\":\"demo@yourdomain.vn\",\"password\":\"Password#123\","
        "\"client_id\":\"fMLgZltRRtetnsOHXgxsHQ\",\"client_secret\":\"hUFhGJIqz746zcxsYVtrwhkveDuEfcYd\"}";
    result = kyso_tconnect_auth_login(client, login, strlen(login));
    show("TConnect login goes to", text(result, "/url"));
    /* The body is itself the input of envelope.open: {"data": "..."}. */
    const char *body = text(result, "/body");
    kyso_result *opened = kyso_tconnect_envelope_open(client, body, strlen(body));
    show_text("TConnect login opens to", opened, "/plaintext");
    kyso_result_free(result);

    char line[256];
    result = read_message(client, "tconnect.ipn.read_callback", "body", "tconnect_ipn.json", NULL, NULL);
    snprintf(line, sizeof line, "order %s, %s VND, %s", text(result, "/order_id"), text(result, "/amount"),
             text(result, "/proof"));
    show("TConnect IPN", line);
    kyso_result_free(result);
    refused("TConnect IPN, one bit changed",
            read_message(client, "tconnect.ipn.read_callback", "body", "tconnect_ipn_tampered.json", NULL, NULL));
    kyso_client_free(client);
}

static void hpay(void) {
    const char *config =
        "{\"merchant_site_code\":\"65001\",\"secure_pass\":\"test-pass-Aa1\",\"environment\":\"sandbox\"}";
    kyso_client *client = NULL;
    kyso_result *result = kyso_hpay_new(config, strlen(config), &client);
    client = made(result, client);

    const char *link =
        "{\"return_url\":\"https://shop.example.com/return\",\"receiver\":\"merchant@example.com\","
        "\"order_code\":\"PAY_1700000000000\",\"price\":20000}";
    show_text("HPay V1 link, secure_code", kyso_hpay_checkout_create_link(client, link, strlen(link)), "/signature");
    const char *legacy =
        "{\"return_url\":\"https://Shop.Example.com/Return/Path\",\"receiver\":\"merchant@example.com\","
        "\"transaction_info\":\"tichhopthanhtoan\",\"order_code\":\"OM_1656422065\",\"price\":20000,"
        "\"lower_case_return_url\":true}";
    result = kyso_hpay_checkout_create_legacy_link(client, legacy, strlen(legacy));
    show_text("HPay legacy link, secure_code", result, "/signature");

    char line[256];
    const char *expected = "{\"order_code\":\"OM_1768202539\",\"price\":200000}";
    const char *operation = "hpay.checkout.read_callback";
    result = read_message(client, operation, "query", "hpay_return_url.txt", "expected", expected);
    snprintf(line, sizeof line, "order %s, %s VND, %s, %s", text(result, "/order_code"), text(result, "/price"),
             text(result, "/proof"), text(result, "/outcome"));
    show("HPay return_url", line);
    kyso_result_free(result);
    refused("HPay return_url, price changed",
            read_message(client, operation, "query", "hpay_return_url_tampered.txt", NULL, NULL));
    kyso_client_free(client);
}

static void appotapay(void) {
    const char *config =
        "{\"partner_code\":\"APPOTAPAY\",\"api_key\":\"FJcmF8uj2ISveL5FvvNk4pnp8xrhINz8\","
        "\"secret_key\":\"XAonJgy14YhtePEITXhyBS2unjfJLAV3\",\"environment\":\"sandbox\"}";
    kyso_client *client = NULL;
    kyso_result *result = kyso_appotapay_new(config, strlen(config), &client);
    client = made(result, client);

    const char *transfer =
        "{\"bankCode\":\"TPBANK\",\"accountNo\":\"132100132400000\",\"accountType\":\"account\","
        "\"accountName\":\"NGUYEN VAN A\",\"amount\":50000,\"feeType\":\"payer\",\"partnerRefId\":\"Partner9999\","
        "\"message\":\"ck tien\",\"customerPhoneNumber\":\"0374720460\",\"contractNumber\":\"1234567\","
        "\"channel\":\"citad\",\"bankId\":\"11223344\"}";
    result = kyso_appotapay_firm_banking_transfer(client, transfer, strlen(transfer));
    show_text("AppotaPay transfer, signature", result, "/signature");

    char line[256];
    const char *operation = "appotapay.firm_banking.read_callback";
    result = read_message(client, operation, "body", "appotapay_callback.json", NULL, NULL);
    snprintf(line, sizeof line, "%s, %s VND, %s, %s", text(result, "/transaction/partnerRefId"),
             text(result, "/transaction/amount"), text(result, "/proof"), text(result, "/outcome"));
    show("AppotaPay callback", line);
    kyso_result_free(result);
    refused("AppotaPay callback, amount changed",
            read_message(client, operation, "body", "appotapay_callback_tampered.json", NULL, NULL));

    const char *only = "[\"amount\",\"appotapayTransId\",\"errorCode\",\"phoneNumber\",\"time\",\"topupAmount\"]";
    operation = "appotapay.signature.verify";
    result = read_message(client, operation, "body", "appotapay_topup_status.json", "only", only);
    snprintf(line, sizeof line, "%s VND, %s", text(result, "/fields/topupAmount"), text(result, "/proof"));
    show("AppotaPay's printed topup digest", line);
    kyso_result_free(result);
    refused("The same, amount changed",
            read_message(client, operation, "body", "appotapay_topup_status_tampered.json", "only", only));
    kyso_client_free(client);
}

int main(int count, char **arguments) {
    if (count != 2) return 2;
    folder = arguments[1];
    tconnect();
    hpay();
    appotapay();
    return 0;
}
