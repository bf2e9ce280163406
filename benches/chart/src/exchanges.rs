//! Whole exchanges, in relation to a server that answers with a constant.

use std::error::Error;

use super::kept::{Exchanges, quantile};
use plotters::prelude::*;

const ROW: i32 = 20;

pub(crate) fn draw(kept: &Exchanges) -> Result<String, String> {
    try_draw(kept).map_err(|error| error.to_string())
}

fn try_draw(kept: &Exchanges) -> Result<String, Box<dyn Error + '_>> {
    let mut svg = String::new();
    let height = 60 + ROW * kept.loopback.len() as i32;
    {
        let area = SVGBackend::with_string(&mut svg, (900, height as u32)).into_drawing_area();
        area.fill(&WHITE)?;
        let style = ("sans-serif", 14).into_font().color(&BLACK);
        let title = ("sans-serif", 18).into_font().color(&BLACK);
        let about = "Processor time of the server for one request over loopback; `hyper` is 1";
        area.draw_text(about, &title, (16, 12))?;
        let most = kept.loopback.iter().map(|row| quantile(&row.ratios, 0.75));
        let most = most.fold(1.0, f64::max);
        let x = |ratio: f64| 220 + (ratio / most * 560.0) as i32;
        for (index, row) in kept.loopback.iter().enumerate() {
            let y = 44 + ROW * index as i32;
            let [low, median, high] = [0.25, 0.5, 0.75].map(|part| quantile(&row.ratios, part));
            let color = match row.stack.ends_with("+layer") {
                true => RGBColor(0, 114, 178),
                false => RGBColor(170, 170, 170),
            };
            area.draw_text(&row.case, &style, (16, y))?;
            area.draw_text(&row.stack, &style, (100, y))?;
            let bar = [(x(0.0), y + 2), (x(median), y + ROW - 5)];
            area.draw(&Rectangle::new(bar, color.filled()))?;
            let middle = y + ROW / 2 - 2;
            let spread = PathElement::new(vec![(x(low), middle), (x(high), middle)], BLACK);
            area.draw(&spread)?;
            area.draw_text(&format!("{median:.2}"), &style, (x(high) + 6, y))?;
        }
        area.present()?;
    }
    Ok(svg)
}
