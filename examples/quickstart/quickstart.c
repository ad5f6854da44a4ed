#include <curl/curl.h>
#include <kyso.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

static char answer[65536];

static size_t keep(char *data, size_t size, size_t count, void *unused) {
    (void)unused;
    size_t used = strlen(answer), room = sizeof answer - 1 - used;
    if (size * count > room) return 0;
    memcpy(answer + used, data, size * count);
    return size * count;
}

static void set(kyso_params *params, const char *name, const char *value) {
    kyso_params_set_text(params, name, strlen(name), value, value ? strlen(value) : 0);
}

int main(void) {
    kyso_client *tconnect = NULL;
    kyso_params *config = kyso_params_new(), *input = kyso_params_new();
    set(config, "partner_code", getenv("TCONNECT_PARTNER"));
    set(config, "key", getenv("TCONNECT_KEY"));
    set(config, "base_url", getenv("TCONNECT_URL"));
    kyso_result *made = kyso_client_new_params(KYSO_TEXT("tconnect"), config, &tconnect);
    if (!kyso_result_is_ok(made)) return fprintf(stderr, "%s\n", kyso_error_message(made, NULL)), 1;

    set(input, "access_token", getenv("TCONNECT_TOKEN"));
    set(input, "bank_code", "970454");
    set(input, "account_name", "NGUYEN VAN A");
    kyso_result *request = kyso_call_params(tconnect, KYSO_TEXT("tconnect.virtual_account.create"), input);
    if (!kyso_result_is_ok(request)) return fprintf(stderr, "%s\n", kyso_error_message(request, NULL)), 1;

    CURL *http = curl_easy_init();
    struct curl_slist *headers = NULL;
    for (size_t i = 0; i < kyso_result_count(request, KYSO_TEXT("/headers")); i++) {
        char line[4096];
        snprintf(line, sizeof line, "%s: %s", kyso_result_member_name(request, KYSO_TEXT("/headers"), i, NULL),
                 kyso_result_member_value(request, KYSO_TEXT("/headers"), i, NULL));
        headers = curl_slist_append(headers, line);
    }
    curl_easy_setopt(http, CURLOPT_URL, kyso_result_text(request, KYSO_TEXT("/url"), NULL));
    curl_easy_setopt(http, CURLOPT_HTTPHEADER, headers);
    curl_easy_setopt(http, CURLOPT_POSTFIELDS, kyso_result_text(request, KYSO_TEXT("/body"), NULL));
    curl_easy_setopt(http, CURLOPT_WRITEFUNCTION, keep);
    curl_easy_setopt(http, CURLOPT_TIMEOUT, 30L);
    if (curl_easy_perform(http) != CURLE_OK)
        return fprintf(stderr, "no answer: ask with the status operation, never send again\n"), 1;

    kyso_params *reading = kyso_params_new();
    set(reading, "body", answer);
    kyso_result *account = kyso_call_params(tconnect, KYSO_TEXT("tconnect.virtual_account.read_create"), reading);
    if (!kyso_result_is_ok(account)) return fprintf(stderr, "%s\n", kyso_error_message(account, NULL)), 1;
    printf("%s\n", kyso_result_text(account, KYSO_TEXT("/va_number"), NULL));

    curl_slist_free_all(headers);
    curl_easy_cleanup(http);
    kyso_result_free(account), kyso_result_free(request), kyso_result_free(made);
    kyso_params_free(reading), kyso_params_free(input), kyso_params_free(config);
    kyso_client_free(tconnect);
    return 0;
}
