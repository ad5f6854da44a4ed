//! Pictures of codes. The symbol comes from the `qrcode` crate; the pictures are small enough to write here.

use qrcode::{Color, EcLevel, QrCode};

use super::code::{Payload, Picture};
use super::{VietQR, bank, png, read};
use crate::answer::Made;
use crate::check::Whole;
use crate::crypto::encoding;
use crate::error::{Code, Error, Result, Rule};
use crate::value::{Record, Value};

/// Light modules around the symbol (ISO/IEC 18004).
const QUIET_ZONE: usize = 4;
/// Modules that a line of the caption takes.
const LINE: usize = 5;
const MAX_SCALE: u64 = 20;
const DEFAULT_SCALE: u64 = 8;

/// A VietQR text to draw.
#[derive(Clone, Debug, serde::Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
pub struct Draw {
    /// VietQR text. What even a lenient reading refuses is not drawn.
    pub text: String,
    /// Kind of picture.
    pub format: Format,
    /// Pixels per module, 1 to 20; default 8. Without effect in a terminal.
    pub scale: Option<Whole>,
    /// How much damage the code survives; default `M`.
    pub error_correction: Option<ErrorCorrection>,
    /// SVG only: whether to write bank and amount below the code; default false.
    pub caption: Option<bool>,
}

/// Kind of picture.
#[derive(Clone, Copy, Debug, PartialEq, Eq, serde::Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[serde(rename_all = "snake_case")]
pub enum Format {
    /// SVG text.
    Svg,
    /// PNG file, black and white.
    Png,
    /// Text of half blocks and colours (ANSI) for a terminal.
    Terminal,
}

/// Level of error correction.
#[derive(Clone, Copy, Debug, PartialEq, Eq, serde::Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
pub enum ErrorCorrection {
    /// 7 percent.
    L,
    /// 15 percent.
    M,
    /// 25 percent.
    Q,
    /// 30 percent.
    H,
}

pub(crate) fn draw(_: &VietQR, input: &Draw) -> Result<Made<Picture>> {
    let payload = read(&input.text, true).map_err(|fault| fault.error("text"))?;
    let scale = input.scale.map_or(DEFAULT_SCALE, |scale| scale.0);
    if !(1..=MAX_SCALE).contains(&scale) {
        return Err(Error::invalid(
            "scale",
            Rule::Say("must be 1 to 20", "phải từ 1 đến 20"),
        ));
    }
    let scale = usize::try_from(scale).map_err(|_| Error::new(Code::Internal))?;
    let caption = input.caption.unwrap_or(false);
    if caption && input.format != Format::Svg {
        let rule = Rule::Say("works in SVG only", "chỉ dùng được với SVG");
        return Err(Error::invalid("caption", rule));
    }
    let level = input.error_correction.unwrap_or(ErrorCorrection::M);
    let symbol = Symbol::of(&input.text, level)?;
    let (name, picture) = match input.format {
        Format::Svg => {
            let lines = if caption { caption_lines(&payload) } else { Vec::new() };
            ("svg", symbol.svg(scale, &lines))
        }
        Format::Png => ("png_base64", encoding::base64(&symbol.png(scale))),
        Format::Terminal => ("text", symbol.terminal()),
    };
    Ok(Made::new(Record::from_iter([(name, Value::text(picture))])))
}

/// Bank, and amount where there is one.
fn caption_lines(payload: &Payload) -> Vec<String> {
    let bank = match bank::of_bin(&payload.bin) {
        Some(row) => row.short_name.to_owned(),
        None => format!("BIN {}", payload.bin),
    };
    let amount = payload.amount.map(|amount| format!("{} VND", grouped(amount)));
    core::iter::once(bank).chain(amount).collect()
}

/// `1.234.567`, as amounts are written in Vietnam.
fn grouped(amount: u64) -> String {
    let digits = amount.to_string();
    let mut out = String::new();
    for (at, digit) in digits.chars().enumerate() {
        if at > 0 && digits.len().saturating_sub(at).is_multiple_of(3) {
            out.push('.');
        }
        out.push(digit);
    }
    out
}

/// The modules of a symbol with its quiet zone.
struct Symbol {
    width: usize,
    /// Rows; true is dark.
    rows: Vec<Vec<bool>>,
}

impl Symbol {
    fn of(text: &str, level: ErrorCorrection) -> Result<Self> {
        let level = match level {
            ErrorCorrection::L => EcLevel::L,
            ErrorCorrection::M => EcLevel::M,
            ErrorCorrection::Q => EcLevel::Q,
            ErrorCorrection::H => EcLevel::H,
        };
        let code = QrCode::with_error_correction_level(text, level).map_err(|_| {
            let rule = Rule::Say("does not fit into a QR code", "không vừa một mã QR");
            Error::invalid("text", rule)
        })?;
        let width = code.width().saturating_add(QUIET_ZONE.saturating_mul(2));
        let colors = code.into_colors();
        let inner = width.saturating_sub(QUIET_ZONE.saturating_mul(2)).max(1);
        let light = vec![false; width];
        let mut rows = vec![light.clone(); QUIET_ZONE];
        for colors in colors.chunks(inner) {
            let mut row = vec![false; QUIET_ZONE];
            row.extend(colors.iter().map(|color| *color == Color::Dark));
            row.resize(width, false);
            rows.push(row);
        }
        rows.resize(width, light);
        Ok(Self { width, rows })
    }

    /// One path of horizontal bars. Text of the caption is escaped.
    fn svg(&self, scale: usize, caption: &[String]) -> String {
        let height = self.width.saturating_add(caption.len().saturating_mul(LINE));
        let (pixels, high) = (self.width.saturating_mul(scale), height.saturating_mul(scale));
        let mut out = format!(
            "<svg xmlns=\"http://www.w3.org/2000/svg\" width=\"{pixels}\" height=\"{high}\" \
             viewBox=\"0 0 {} {height}\"><path fill=\"#fff\" d=\"M0 0h{}v{height}H0z\"/>\
             <path fill=\"#000\" shape-rendering=\"crispEdges\" d=\"",
            self.width, self.width
        );
        for (y, row) in self.rows.iter().enumerate() {
            let mut x = 0_usize;
            for bar in row.chunk_by(|one, other| one == other) {
                if bar.first() == Some(&true) {
                    out.push_str(&format!("M{x} {y}h{}v1h-{}z", bar.len(), bar.len()));
                }
                x = x.saturating_add(bar.len());
            }
        }
        out.push_str("\"/>");
        for (index, line) in caption.iter().enumerate() {
            let y = self.width.saturating_add(index.saturating_mul(LINE)).saturating_add(1);
            out.push_str(&format!(
                "<text x=\"50%\" y=\"{y}\" font-family=\"sans-serif\" font-size=\"{}\" \
                 text-anchor=\"middle\">{}</text>",
                font_size(line, self.width),
                escaped(line)
            ));
        }
        out.push_str("</svg>");
        out
    }

    fn png(&self, scale: usize) -> Vec<u8> {
        let rows = self.rows.iter().flat_map(|row| {
            let bits = row.iter().flat_map(move |dark| core::iter::repeat_n(!*dark, scale));
            let packed = png::pack(bits);
            core::iter::repeat_n(packed, scale)
        });
        let size = self.width.saturating_mul(scale);
        png::black_and_white(size, size, rows)
    }

    /// Two rows of modules per line, in black on white whatever the terminal's colours are.
    fn terminal(&self) -> String {
        let mut out = String::new();
        for pair in self.rows.chunks(2) {
            out.push_str("\u{1b}[38;5;16;48;5;231m");
            let (Some(upper), lower) = (pair.first(), pair.get(1)) else {
                continue;
            };
            for (x, dark) in upper.iter().enumerate() {
                let below = lower.and_then(|row| row.get(x)).copied().unwrap_or(false);
                out.push(match (dark, below) {
                    (true, true) => '█',
                    (true, false) => '▀',
                    (false, true) => '▄',
                    (false, false) => ' ',
                });
            }
            out.push_str("\u{1b}[0m\n");
        }
        out
    }
}

/// Font size in modules, at most 4, so that the line fits: a letter is about 0.65 of it wide.
fn font_size(line: &str, width: usize) -> String {
    let letters = line.chars().count().saturating_mul(65).max(1);
    let hundredths = width
        .saturating_mul(10_000)
        .checked_div(letters)
        .unwrap_or(400)
        .min(400);
    format!("{}.{:02}", hundredths / 100, hundredths % 100)
}

/// Text inside an XML element.
fn escaped(text: &str) -> String {
    let mut out = String::with_capacity(text.len());
    for c in text.chars() {
        match c {
            '&' => out.push_str("&amp;"),
            '<' => out.push_str("&lt;"),
            '>' => out.push_str("&gt;"),
            c => out.push(c),
        }
    }
    out
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn captions() {
        assert_eq!(grouped(1), "1");
        assert_eq!(grouped(999), "999");
        assert_eq!(grouped(1000), "1.000");
        assert_eq!(grouped(9_999_999_999_999), "9.999.999.999.999");
        assert_eq!(escaped("a<b>&\"c"), "a&lt;b&gt;&amp;\"c");
        assert_eq!(font_size("BVBank", 41), "4.00");
        assert_eq!(font_size("Kookmin Bank Ho Chi Minh City", 41), "2.17");
    }
}
