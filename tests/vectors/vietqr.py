#!/usr/bin/env python3
"""Converts published VietQR strings into the format of this folder, and derives strict and lenient cases from them.

Usage: vietqr.py FOLDER_OF_SOURCE_VECTORS FOLDER_OF_SOURCE_DATA

The first folder holds vietqr_vectors.json: strings built alike by public packages and an independent Python builder, variants
from public sources and strings that public parsers wrongly accept. Further strings are built here, by the same rules.
The second holds vietqr_bins.json: BINs by the State Bank's list, HPay's Table 3 and npm vietnam-qr-pay.
What is accepted follows the table "Strict or lenient": never kyso's own answer. Standard library only.
"""

import json
import pathlib
import sys
import unicodedata

from suite import Suite, without

BUILD, READ, STRIP = "vietqr.code.build", "vietqr.code.read", "vietqr.text.strip_diacritics"
PACKAGES = "vietnam-qr-pay 1.5.1 and an independent Python builder"
PYTHON = "independent Python builder"
RULES = "rules of the specification"
PUBLIC = "public sources"
REFUSED = {"code": "malformed_input", "field": "text"}
ADDITIONAL = ["bill_number", "mobile", "store", "loyalty", "reference", "customer", "terminal", "purpose",
              "consumer_data"]
SERVICES = {"QRIBFTTA": "account", "QRIBFTTC": "card"}
RENAMED = {"acc": "account", "svc": "service", "bill": "bill_number", "request": "consumer_data"}


# --- An independent builder -------------------------------------------------------------------------------------------

def crc(text):
    value = 0xFFFF
    for byte in text.encode():
        value ^= byte << 8
        for _ in range(8):
            value = ((value << 1) ^ 0x1021 if value & 0x8000 else value << 1) & 0xFFFF
    return f"{value:04X}"


def tlv(id, value):
    return f"{id}{len(value):02d}{value}"


def whole(*parts):
    text = "".join(parts) + "6304"
    return text + crc(text)


def transfer(bin="970436", account="1017595600", service="QRIBFTTA", guid="A000000727"):
    beneficiary = tlv("00", bin) + tlv("01", account)
    return tlv("38", tlv("00", guid) + tlv("01", beneficiary) + tlv("02", service))


def build(fields):
    service = {name: code for code, name in SERVICES.items()}[fields.get("service", "account")]
    amount = fields.get("amount")
    parts = [tlv("00", "01"), tlv("01", "11" if amount is None else "12")]
    parts += [transfer(fields["bin"], fields["account"], service), tlv("53", "704")]
    if amount is not None:
        parts.append(tlv("54", str(amount)))
    parts.append(tlv("58", "VN"))
    numbered = enumerate(ADDITIONAL, start=1)
    additional = "".join(tlv(f"{number:02d}", fields[name]) for number, name in numbered if name in fields)
    if additional:
        parts.append(tlv("62", additional))
    return whole(*parts)


# --- code.build -------------------------------------------------------------------------------------------------------

def build_cases(suite, source):
    def built(id, input, text, origin, comment=""):
        suite.add("vietqr/build.json", id, BUILD, None, input, output={"text": text}, comment=comment, source=origin)

    for vector in source["positive"]:
        name, input = vector["name"], build_input(vector["input"])
        if build(input) != vector["payload"]:
            raise SystemExit(f"{name}: the builder of this script differs")
        origin = ", ".join(vector["built_identically_by"])
        built(name, input, vector["payload"], origin, vector.get("source", ""))
        if "amount" in input:
            number = dict(input, amount=int(input["amount"]))
            built(f"{name}-number", number, vector["payload"], origin, "amount as a number")
    base = {"bin": "970436", "account": "1017595600"}
    for id, fields in {
        "long_purpose_26": dict(base, amount=1000, purpose=LONG[:26], long_purpose=True),
        "long_purpose_95": dict(base, amount=1000, purpose=LONG, long_purpose=True),
        "long_purpose_with_bill": dict(base, bill_number="HD-1", purpose=LONG[:87], long_purpose=True),
        "purpose_25": dict(base, purpose=LONG[:25]),
        "purpose_marks_1": dict(base, purpose=" !\"#$%&'()*+,-./012345678"),
        "purpose_marks_2": dict(base, purpose=":;<=>?@[\\]^_`{|}~ABCxyz"),
        "below_the_transfer_limit": dict(base, amount=499999999),
        "consumer_data_one": dict(base, consumer_data="E"),
        "card_19": dict(base, account="9704361234567890123", service="card"),
        "additional_99": dict(base, bill_number="B" * 25, reference="R" * 25, customer="C" * 25, terminal="T" * 8),
    }.items():
        built(id, fields, build(fields), PYTHON)
    build_faults(suite, base)


LONG = "Thanh toan hop dong so 2026/11/20-0001 dot 3, nghiem thu hang muc thi cong phan tho nha xuong B2"[:95]


def build_input(fields):
    input = {RENAMED.get(name, name): value for name, value in fields.items()}
    if "service" in input:
        input["service"] = SERVICES[input["service"]]
    return input


def build_faults(suite, base):
    def refused(id, field, input, code="invalid_value"):
        suite.add("vietqr/build.json", id, BUILD, None, input, error={"code": code, "field": field}, source=RULES)

    def faults(field, values):
        for name, value in values.items():
            refused(f"{field}_{name}", field, dict(base, **{field: value}))

    refused("bin_absent", "bin", without(base, "bin"), "missing_field")
    refused("account_absent", "account", without(base, "account"), "missing_field")
    refused("field_unknown", "addInfo", dict(base, addInfo="x"), "unknown_field")
    faults("bin", {"5_digits": "97043", "7_digits": "9704360", "letter": "97043A", "letter_o": "97O436"})
    faults("account", {"empty": "", "20": "1" * 20, "space": "1017 595600", "mark": "1017-595600", "accent": "Đ1"})
    refused("card_letters", "account", dict(base, account="VA100023312", service="card"))
    faults("service", {"unknown": "QRPUSH", "code": "QRIBFTTA"})
    faults("amount", {"zero": 0, "14_digits": 10 ** 13, "leading_zero": "050000", "minus": "-1", "plus": "+1",
                      "point": "50000.0", "comma": "50,000", "space": " 1", "exponent": "1e3", "empty": "",
                      "arabic_digits": "٥٠"})
    faults("purpose", {"26": "1" * 26, "empty": "", "accents": "Thanh toán", "newline": "a\nb", "tab": "a\tb"})
    refused("long_purpose_96", "purpose", dict(base, purpose=LONG + "x", long_purpose=True))
    refused("long_purpose_accents", "purpose", dict(base, purpose="Thanh toán", long_purpose=True))
    refused("long_purpose_with_bill_88", "purpose",
            dict(base, bill_number="HD-1", purpose=LONG[:88], long_purpose=True))
    refused("long_purpose_is_no_long_bill", "bill_number", dict(base, bill_number="1" * 26, long_purpose=True))
    faults("bill_number", {"26": "1" * 26})
    refused("additional_100", "terminal",
            dict(base, bill_number="B" * 25, reference="R" * 25, customer="C" * 25, terminal="T" * 9))
    faults("consumer_data", {"other_letter": "X", "twice": "AA", "lower": "a"})


# --- code.read --------------------------------------------------------------------------------------------------------

def both(suite, id, text, strict, lenient, comment="", origin=PYTHON):
    """A strict and a lenient case; an expectation of nothing means refusal."""
    for suffix, expected, more in (("", strict, {}), ("-lenient", lenient, {"lenient": True})):
        result = {"error": REFUSED} if expected is None else {"output": expected}
        suite.add("vietqr/read.json", id + suffix, READ, None, {"text": text, **more}, comment=comment, source=origin,
                  **result)


def expectation(parsed):
    """What a reading must say, from the field names of the source."""
    expected = {}
    for name, value in parsed.items():
        if value is None or name in ("payload_format", "guid", "crc"):
            continue
        if name == "additional":
            expected.update({RENAMED.get(key, key): text for key, text in value.items()})
        elif name == "unreserved":
            expected.setdefault("unknown", {}).update(value)
        elif name == "mcc":
            expected.setdefault("unknown", {})["52"] = value
        elif name == "amount":
            expected["amount"] = int(value.split(".")[0])
        elif name == "service":
            expected["service"] = SERVICES.get(value, value)
        else:
            expected[name] = value
    return expected


LENIENT_ONLY = {"amount_two_decimals", "no_service_code", "purpose_diacritics_length_in_characters"}
NEVER = {"purpose_diacritics_length_in_bytes"}
BASE = {"bin": "970436", "account": "1017595600"}
# Strings of the source's negative list that the table accepts leniently.
LENIENT_NEGATIVES = {
    "amount_leading_zeros": dict(BASE, amount=50000),
    "purpose_26": dict(BASE, amount=1000, purpose="12345678901234567890123456"),
    "sunary_long_message": {
        "bin": "970405", "account": "1111111111", "amount": 50000,
        "purpose": "This is a very long message that tests the maximum length handling for QR code generation"},
    "62_empty": dict(BASE, amount=1000),
}


def read_cases(suite, source):
    for vector in source["positive"]:
        expected = expectation(vector["expect"])
        both(suite, vector["name"], vector["payload"], expected, expected, vector.get("source", ""), PACKAGES)
    for vector in source["accepted_variants"]:
        name, expected = vector["name"], expectation(vector["expect"])
        strict = None if name in LENIENT_ONLY | NEVER else expected
        both(suite, name, vector["payload"], strict, None if name in NEVER else expected, vector["note"], PUBLIC)
    for vector in source["negative"]:
        name = vector["name"]
        both(suite, f"bad-{name}", vector["payload"], None, LENIENT_NEGATIVES.get(name), vector["reason"],
             "strings that public parsers wrongly accept")
    derived_cases(suite)


def derived_cases(suite):
    head, tail = tlv("00", "01") + tlv("01", "12"), tlv("53", "704") + tlv("54", "50000") + tlv("58", "VN")
    account, paid = transfer(), dict(BASE, amount=50000)
    guid, beneficiary, service = tlv("00", "A000000727"), tlv("01", tlv("00", "970436") + tlv("01", "1017595600")), \
        tlv("02", "QRIBFTTA")

    def amount(text):
        return whole(head, account, tlv("53", "704"), tlv("54", text), tlv("58", "VN"))

    def merchant(*parts):
        return whole(head, tlv("38", "".join(parts)), tail)

    def more(*parts):
        return whole(head, account, tail, *parts)

    def accepted(id, text, expected, comment=""):
        both(suite, id, text, expected, expected, comment)

    def lenient(id, text, expected, comment=""):
        both(suite, id, text, None, expected, comment)

    def refused(id, text, comment=""):
        both(suite, id, text, None, None, comment)

    accepted("qrcash", whole(head, transfer(service="QRCASH"), tail), dict(paid, service="QRCASH"))
    accepted("reverse_order", whole(
        tlv("00", "01"), tlv("62", tlv("08", "x") + tlv("01", "B")), tlv("60", "HANOI"), tlv("59", "SHOP"),
        tlv("58", "VN"), tlv("54", "50000"), tlv("53", "704"), tlv("38", guid + service + beneficiary), tlv("01", "11")),
        dict(paid, purpose="x", bill_number="B", merchant_name="SHOP", merchant_city="HANOI", initiation="11"))
    accepted("dynamic_without_amount", whole(head, account, tlv("53", "704"), tlv("58", "VN")),
             dict(BASE, initiation="12"))
    accepted("unknown_kept", more(tlv("52", "5812"), tlv("61", "100000"), tlv("62", tlv("08", "x") + tlv("10", "y")),
                                  tlv("65", "z")),
             dict(paid, purpose="x", unknown={"52": "5812", "61": "100000", "62.10": "y", "65": "z"}))
    accepted("other_language", more(tlv("59", "CUA HANG"), tlv("64", tlv("00", "vi") + tlv("01", "Cửa hàng"))),
             dict(paid, merchant_name="CUA HANG"), "64 may hold any Unicode; lengths count characters")
    lenient("guid_not_first", merchant(beneficiary, guid, service), paid)
    lenient("initiation_missing", whole(tlv("00", "01"), account, tail), paid)
    lenient("amount_bare_point", amount("50000."), paid)
    lenient("tags_83_84_empty", more("8300", "8400"), paid, "as in an aeon-xyz.readme.io sample")
    lenient("purpose_empty", more(tlv("62", "0800")), paid)
    for id, text in {"fraction": "50000.5", "zero": "0", "zeros": "000", "zero_decimals": "0.00", "exponent": "5e4",
                     "full_width_digits": "５０", "minus": "-1", "plus": "+5", "point_first": ".00",
                     "grouped": "50.000"}.items():
        if id == "grouped":
            lenient(f"amount_{id}", amount(text), dict(BASE, amount=50),
                    "a thousands separator is a decimal point here: 50 dong, with a warning")
        else:
            refused(f"amount_{id}", amount(text))
    refused("initiation_13", whole(tlv("00", "01"), tlv("01", "13"), account, tail))
    refused("duplicate_purpose", more(tlv("62", tlv("08", "a") + tlv("08", "b"))))
    refused("duplicate_account", merchant(guid, tlv("01", tlv("00", "970436") + tlv("01", "1017595600") + tlv("01", "1")),
                                          service))
    refused("duplicate_beneficiary", merchant(guid, beneficiary, beneficiary, service))
    refused("duplicate_service", merchant(guid, beneficiary, service, tlv("02", "QRIBFTTC")))
    refused("guid_728", whole(head, transfer(guid="A000000728"), tail))
    refused("guid_lower", whole(head, transfer(guid="a000000727"), tail))
    refused("account_20", whole(head, transfer(account="1" * 20), tail))
    refused("account_accent", whole(head, transfer(account="Đ123"), tail))
    refused("trailing_in_38", merchant(guid, beneficiary, service, "9"))
    refused("trailing_in_62", more(tlv("62", tlv("08", "abc") + "x")))
    refused("version_not_first", whole(tlv("01", "12"), tlv("00", "01"), account, tail))
    refused("no_country", whole(head, account, tlv("53", "704")))
    refused("crc_in_the_middle", whole(head, account, tlv("63", "ABCD"), tail))
    refused("space_in_front", " " + more())
    refused("space_behind", more() + " ")
    refused("byte_order_mark", "\ufeff" + more())
    refused("longer_than_512", more(*[tlv(str(id), "x" * 99) for id in range(65, 70)]))
    refused("control_character", more(tlv("62", tlv("08", "a\x01b"))))
    refused("right_to_left_mark", more(tlv("59", "a\u202eb")))
    refused("arabic_length_digits", whole(head, account, tlv("53", "704"), "54٠٥50000", tlv("58", "VN")))


# --- text.strip_diacritics --------------------------------------------------------------------------------------------

ALPHABET = "àáảãạăằắẳẵặâầấẩẫậèéẻẽẹêềếểễệìíỉĩịòóỏõọôồốổỗộơờớởỡợùúủũụưừứửữựỳýỷỹỵđ"
MARKS = "\u0300\u0301\u0302\u0303\u0306\u0309\u031b\u0323"


def stripped(text):
    def plain(letter):
        if letter in "đĐ":
            return "dD"["đĐ".index(letter)]
        if letter not in ALPHABET + ALPHABET.upper():
            return letter
        return "".join(part for part in unicodedata.normalize("NFD", letter) if part not in MARKS)
    return "".join(map(plain, unicodedata.normalize("NFC", text)))


def strip_cases(suite):
    texts = ["Cộng hòa xã hội chủ nghĩa Việt Nam", "Đường Nguyễn Thị Minh Khai, Quận 1", "đặng, ĐẶNG",
             "Thanh toán đơn hàng #123 (50%)", "ưỡn ẹo ơ kìa", "NGUYỄN VĂN Ư", "plain ASCII stays ~!", "",
             "Ký số điện tử — €5 💳", ALPHABET, ALPHABET.upper()]
    for number, text in enumerate(texts):
        for form, flags in (("NFC", ["unicode"]), ("NFD", ["unicode", "nfd"])):
            suite.add("vietqr/text.json", f"{form.lower()}-{number:02d}", STRIP, None,
                      {"text": unicodedata.normalize(form, text)}, output={"text": stripped(text)},
                      flags=flags, source="Python unicodedata")
    suite.add("vietqr/text.json", "absent", STRIP, None, {}, error={"code": "missing_field", "field": "text"},
              source=RULES)


# --- code.draw: what it refuses. Pictures are read back by ZBar, see tests/vietqr ---------------------------------------

def draw_cases(suite, source):
    text = source["positive"][0]["payload"]
    for id, input, code, field in [
        ("format_absent", {"text": text}, "missing_field", "format"),
        ("format_unknown", {"text": text, "format": "gif"}, "invalid_value", "format"),
        ("text_absent", {"format": "svg"}, "missing_field", "text"),
        ("text_no_vietqr", {"text": "https://example.com", "format": "svg"}, "malformed_input", "text"),
        ("text_damaged", {"text": text[:-1] + "0", "format": "png"}, "malformed_input", "text"),
        ("scale_0", {"text": text, "format": "svg", "scale": 0}, "invalid_value", "scale"),
        ("scale_21", {"text": text, "format": "png", "scale": 21}, "invalid_value", "scale"),
        ("scale_fraction", {"text": text, "format": "png", "scale": "1.5"}, "invalid_value", "scale"),
        ("level_unknown", {"text": text, "format": "png", "error_correction": "X"}, "invalid_value", "error_correction"),
        ("caption_in_png", {"text": text, "format": "png", "caption": True}, "invalid_value", "caption"),
        ("caption_in_terminal", {"text": text, "format": "terminal", "caption": True}, "invalid_value", "caption"),
    ]:
        suite.add("vietqr/draw.json", id, "vietqr.code.draw", None, input, error={"code": code, "field": field},
                  source=RULES)


# --- bank.find --------------------------------------------------------------------------------------------------------

def bank_cases(suite, banks, appotapay):
    def found(id, input, output, source):
        suite.add("vietqr/bank.json", id, "vietqr.bank.find", None, input, output=output, source=source)

    for bank in banks:
        bin, codes = bank["bin"], {row["code"] for row in bank.get("hpay_table3", [])}
        expected = {"bin": bin, "codes": {"tconnect": bin, **{"hpay": code for code in codes}}}
        swift = {row["swift"] for row in bank.get("vietnam_qr_pay", []) if (row["swift"] or "")[4:6] == "VN"}
        found(f"bin-{bin}", {"bin": bin}, {**expected, **{"swift": code for code in swift}},
              "State Bank of Vietnam, HPay Table 3 and npm vietnam-qr-pay 1.5.1, merged by BIN")
        found(f"tconnect-{bin}", {"gateway": "tconnect", "code": bin}, expected, "TConnect's codes are BINs")
        for code in codes:
            found(f"hpay-{code}", {"gateway": "hpay", "code": code}, expected, "HPay Table 3")
        if "sbv_2023_name" in bank and bin not in ("970459", "970468"):
            found(f"name-{bin}", {"name": bank["sbv_2023_name"]}, {"bin": bin}, "State Bank of Vietnam")
            found(f"plain-name-{bin}", {"name": stripped(bank["sbv_2023_name"]).upper()}, {"bin": bin},
                  "State Bank of Vietnam, diacritics removed by Python")
    for code, bin in appotapay.items():
        found(f"appotapay-{code}", {"gateway": "appotapay", "code": code}, {"bin": bin},
              "AppotaPay's bank codes, BIN by the bank's name")
    found("tconnect-vccb-qr", {"gateway": "tconnect", "code": "vccb-qr"}, {"bin": "970454"}, PUBLIC)
    found("tconnect-bidv-qr", {"gateway": "tconnect", "code": "bidv-qr"}, {"bin": "970418"}, PUBLIC)
    for name, bin in {"DongA Bank": "970406", "OceanBank": "970414", "LienVietPostBank": "970449", "Habubank": "970443",
                      "Viet Capital Bank": "970454", "Ngân hàng Quân đội": "970422", "CIMB": "422589"}.items():
        found(f"name-{name}", {"name": name}, {"bin": bin}, "renamed, closed and colloquial names")
    for id, input, code, field in [
        ("nothing", {}, "missing_field", "bin"),
        ("code_without_gateway", {"code": "BVB"}, "missing_field", "gateway"),
        ("gateway_without_code", {"gateway": "hpay"}, "missing_field", "code"),
        ("gateway_unknown", {"gateway": "momo", "code": "BVB"}, "invalid_value", "gateway"),
        ("bin_and_name", {"bin": "970436", "name": "Vietcombank"}, "invalid_value", "bin"),
        ("bin_not_listed", {"bin": "970499"}, "invalid_value", "bin"),
        ("bin_5_digits", {"bin": "97043"}, "invalid_value", "bin"),
        ("code_of_another_gateway", {"gateway": "appotapay", "code": "BVB"}, "invalid_value", "code"),
        ("code_is_no_name", {"name": "BVB"}, "invalid_value", "name"),
        ("name_of_several", {"name": "Hàn Quốc"}, "ambiguous", "name"),
        ("name_of_every_bank", {"name": "ngân hàng"}, "invalid_value", "name"),
        ("name_empty", {"name": ""}, "invalid_value", "name"),
    ]:
        suite.add("vietqr/bank.json", id, "vietqr.bank.find", None, input, error={"code": code, "field": field},
                  source=RULES)


# Codes of AppotaPay that are easily taken for another bank's.
APPOTAPAY = {"VCB": "970436", "BVBANK": "970438", "VIETCAPITALBANK": "970454", "PVBANK": "970412", "DAB": "970406",
             "OCEANBANK": "970414", "MARITIMEBANK": "970426", "LPB": "970449", "CBBANK": "970444", "IBK": "970455",
             "NAMABANK": "970428", "NAMA": "970428", "SHINHAN": "970424", "SHINHANBANK": "970424", "KBHN": "970462"}


# --- TConnect: the code in the answer, devices ------------------------------------------------------------------------

CONFIG = {"partner_code": "PARTNER01", "environment": "sandbox",
          "key": "603deb1015ca71be2b73aef0857d77811f352c073b6108d72d9810a30914dff4"}


def answer(text, **more):
    return json.dumps({"qrString": text, **more}, ensure_ascii=False)


def tconnect_codes(suite, source):
    good = {vector["name"]: vector["payload"] for vector in source["positive"]}
    bad = {vector["name"]: vector["payload"] for vector in source["negative"]}
    static, dynamic = good["tconnect_va_static"], good["tconnect_seed_dynamic"]

    def add(id, body, more, origin=PACKAGES, **result):
        suite.add("tconnect/qr_string.json", id, "tconnect.qr.read_create", CONFIG, {"body": body, **more},
                  source=origin, **result)

    def says(id, body, more, **members):
        text = json.loads(body)["qrString"]
        add(id, body, more, output={"proof": "unsigned", "qrString": text, "vietqr": members})

    def fails(id, body, more, code, field, origin=PACKAGES):
        add(id, body, more, origin, error={"code": code, "field": field} if field else {"code": code})

    request = {"access_token": "token", "accountNumber": "99MPI0000267600005", "amount": 10000, "orderId": "ORDER001",
               "binCode": "970454", "narrative": "Thanh toán đơn hàng", "extraData": {"key1": "value1"}}
    old = {"access_token": "token", "order_id": "5d3c", "va": "VA100023312", "bincode": "970454",
           "service_code": "vccb-qr"}
    says("static", answer(static), {}, bin="970454", account="VA100023312", service="account", initiation="11")
    says("dynamic", answer(dynamic), {}, bin="970454", account="99MPI0000267600005", amount=10000)
    says("requested", answer(good["tconnect_seed_narrative"], code="00", message="Success"), {"requested": request},
         account="99MPI0000267600005", amount=10000, purpose="Thanh toan don hang")
    says("requested_amount_as_text", answer(dynamic), {"requested": dict(request, amount="10000")}, amount=10000)
    says("requested_default_bin", answer(dynamic), {"requested": without(request, "binCode")}, bin="970454")
    says("requested_v1_1", answer(static), {"requested": old}, account="VA100023312")
    says("requested_v1_1_zero_is_static", answer(static), {"requested": dict(old, amount=0)}, account="VA100023312")
    says("expected", answer(dynamic), {"expected": {"qrString": dynamic}}, amount=10000)
    says("member_cannot_pose_as_ours", answer(dynamic, vietqr={"account": "0"}, proof="signed"), {},
         account="99MPI0000267600005")
    for id, text, requested, field in [
        ("other_account", dynamic, dict(request, accountNumber="99MPI0000267600006"), "accountNumber"),
        ("other_letter_case", dynamic, dict(request, accountNumber="99mpi0000267600005"), "accountNumber"),
        ("other_bin", dynamic, dict(request, binCode="970418"), "binCode"),
        ("other_bin_than_default", good["acb_static"], {"accountNumber": "257678859"}, "binCode"),
        ("other_amount", dynamic, dict(request, amount=100000), "amount"),
        ("amount_dropped", static, {"accountNumber": "VA100023312", "amount": 10000}, "amount"),
        ("amount_added", dynamic, without(request, "amount"), "amount"),
        ("v1_1_other_va", static, dict(old, va="VA100023313"), "va"),
        ("v1_1_other_bin", static, dict(old, bincode="970418"), "bincode"),
    ]:
        fails(id, answer(text), {"requested": requested}, "mismatch", field)
    fails("requested_without_account", answer(dynamic), {"requested": {"amount": 10000}}, "missing_field", None)
    fails("expected_other", answer(dynamic), {"expected": {"qrString": static}}, "mismatch", "qrString")
    for name in ["crc_off_by_one", "account_changed", "amount_changed", "spec_6_1_1_printed", "duplicate_54",
                 "duplicate_38", "vnpay", "newline_after", "empty"]:
        fails(f"bad-{name}", answer(bad[name]), {}, "malformed_input", "qrString",
              "strings that public parsers wrongly accept")
    fails("sample_is_cut_off", answer("00020101021138550010A000000727..."), {}, "malformed_input", "qrString", PUBLIC)
    fails("qr_string_absent", "{}", {}, "malformed_input", "qrString", RULES)
    fails("qr_string_number", '{"qrString":5}', {}, "malformed_input", "qrString", RULES)
    fails("failure", '{"code":"01","message":"Authenticate error"}', {}, "gateway_refused", None, RULES)
    fails("not_json", static, {}, "malformed_input", None, RULES)


def device_cases(suite, source):
    push, pages = "tconnect.devices.push", "pages push-to-devices of the versions 1.1.0, 1.4.0 and next"
    file = "tconnect/devices_rules.json"
    pos = {"access_token": "token", "serial_no": "00059012710", "order_id": "0129210912", "amount": 150000,
           "type": "pos"}
    box = {"access_token": "token", "type": "soundbox", "serial_no": "00059012710", "amount": "150000",
           "qr_string": "00020101021138550010A000000727..."}
    request = {"method": "POST", "url": "https://sme-open-api-sandbox.tconnect.vn/openapi/v1/devices/payments/push",
               "headers": {"Partner-Code": "PARTNER01", "Authorization": "Bearer token"}}
    for id, input, opened in [
        ("pos", pos, '{"serial_no":"00059012710","order_id":"0129210912","amount":150000,"type":"pos"}'),
        ("soundbox", box, '{"serial_no":"00059012710","amount":150000,'
                          '"qr_string":"00020101021138550010A000000727...","type":"soundbox"}'),
        ("extra", dict(pos, extra={"note": "Bàn 5"}),
         '{"serial_no":"00059012710","order_id":"0129210912","amount":150000,"type":"pos","note":"Bàn 5"}'),
    ]:
        suite.add(file, id, push, CONFIG, input, output=dict(request, opened=opened), source=pages)
    for id, input, code, field in [
        ("pos_without_order", without(pos, "order_id"), "missing_field", "order_id"),
        ("soundbox_without_code", without(box, "qr_string"), "missing_field", "qr_string"),
        ("pos_with_code", dict(pos, qr_string="x"), "invalid_value", "qr_string"),
        ("soundbox_with_order", dict(box, order_id="1"), "invalid_value", "order_id"),
        ("type_unknown", dict(pos, type="POS"), "invalid_value", "type"),
        ("amount_zero", dict(pos, amount=0), "invalid_value", "amount"),
        ("amount_fraction", dict(pos, amount="1.5"), "invalid_value", "amount"),
        ("serial_empty", dict(pos, serial_no=""), "invalid_value", "serial_no"),
        ("extra_repeats", dict(pos, extra={"amount": 1}), "invalid_value", "extra"),
        *[(f"{field}_absent", without(pos, field), "missing_field", field)
          for field in ("access_token", "serial_no", "type", "amount")],
    ]:
        suite.add(file, id, push, CONFIG, input, error={"code": code, "field": field}, source=RULES)
    for id, body, result in [
        ("read_push", '{"message":"Đã đẩy thanh toán"}', {"output": {"proof": "unsigned", "message": "Đã đẩy thanh toán"}}),
        ("read_push_refused", '{"code":"03","message":"x"}', {"error": {"code": "gateway_refused"}}),
        ("read_push_error_member", '{"error":"offline","message":"x"}', {"error": {"code": "gateway_refused"}}),
        ("read_push_empty", "{}", {"error": {"code": "malformed_input", "field": "message"}}),
    ]:
        suite.add(file, id, "tconnect.devices.read_push", CONFIG, {"body": body}, source=pages, **result)


def main():
    if len(sys.argv) != 3:
        raise SystemExit(__doc__)
    vectors, data = map(pathlib.Path, sys.argv[1:])
    source = json.loads((vectors / "vietqr_vectors.json").read_text(encoding="utf-8"))
    banks = json.loads((data / "vietqr_bins.json").read_text(encoding="utf-8"))["banks"]
    suite = Suite()
    build_cases(suite, source)
    read_cases(suite, source)
    strip_cases(suite)
    draw_cases(suite, source)
    bank_cases(suite, banks, APPOTAPAY)
    tconnect_codes(suite, source)
    device_cases(suite, source)
    suite.write()


main()
