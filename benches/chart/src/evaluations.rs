//! What one evaluation costs, of this crate and of others.

use std::error::Error;

use plotters::prelude::*;

use super::report::{Evaluation, Report};

const SIZE: (u32, u32) = (900, 760);

type Value = fn(&Evaluation) -> Option<u64>;

/// From top to bottom within a workload.
const SERIES: [(&str, RGBColor, Value); 4] = [
    (
        "limit: a kernel, measured earlier",
        RGBColor(170, 170, 170),
        |row| row.limit.map(u64::from),
    ),
    ("tower-conditional", RGBColor(0, 114, 178), |row| {
        Some(row.ours.instructions)
    }),
    ("split(',') by hand", RGBColor(230, 159, 0), |row| {
        Some(row.split.as_ref()?.instructions)
    }),
    ("headers", RGBColor(213, 94, 0), |row| {
        Some(row.headers.instructions)
    }),
];

pub(crate) fn draw(report: &Report) -> Result<String, String> {
    try_draw(report).map_err(|error| error.to_string())
}

fn try_draw(report: &Report) -> Result<String, Box<dyn Error + '_>> {
    let mut svg = String::new();
    {
        let area = SVGBackend::with_string(&mut svg, SIZE).into_drawing_area();
        area.fill(&WHITE)?;
        let (chart, foot) = area.split_vertically(SIZE.1 - 44);
        bars(report, &chart)?;
        let setting = &report.setting;
        let small = ("sans-serif", 13).into_font().color(&BLACK.mix(0.7));
        let machine = format!(
            "{}, {}, {}",
            setting.processor, setting.rustc, setting.valgrind
        );
        foot.draw_text(&machine, &small, (16, 2))?;
        foot.draw_text(&setting.crates.join(", "), &small, (16, 20))?;
        area.present()?;
    }
    Ok(svg)
}

fn bars<'a>(
    report: &'a Report,
    area: &DrawingArea<SVGBackend<'_>, plotters::coord::Shift>,
) -> Result<(), Box<dyn Error + 'a>> {
    let rows = &report.evaluate;
    let top = rows.len() as f64;
    let mut chart = ChartBuilder::on(area)
        .caption(
            "Instructions to evaluate all preconditions of one request (log scale, less is better)",
            ("sans-serif", 18),
        )
        .margin(12)
        .x_label_area_size(32)
        .y_label_area_size(240)
        .build_cartesian_2d((50_f64..2_000_000_f64).log_scale(), 0_f64..top)
        .map_err(|error| error.to_string())?;
    chart
        .configure_mesh()
        .disable_y_mesh()
        .disable_y_axis()
        .x_label_formatter(&|x| match *x as u64 {
            x @ ..=999 => x.to_string(),
            x @ 1_000..=999_999 => format!("{},000", x / 1_000),
            x => format!("{},000,000", x / 1_000_000),
        })
        .label_style(("sans-serif", 13))
        .draw()
        .map_err(|error| error.to_string())?;
    for (index, (label, color, value)) in SERIES.iter().enumerate() {
        let bars = rows.iter().rev().enumerate().filter_map(|(y, row)| {
            const HEIGHT: f64 = 0.2;
            let top = y as f64 + 0.9 - HEIGHT * index as f64;
            let corners = [(50.0, top), (value(row)? as f64, top - HEIGHT * 0.9)];
            Some(Rectangle::new(corners, color.filled()))
        });
        chart
            .draw_series(bars)
            .map_err(|error| error.to_string())?
            .label(*label)
            .legend(|(x, y)| Rectangle::new([(x, y - 5), (x + 14, y + 5)], color.filled()));
    }
    // In the area left of the axis: the axis itself would label the lines between the workloads.
    let left = area.strip_coord_spec();
    for (y, row) in rows.iter().rev().enumerate() {
        let (_, middle) = chart.backend_coord(&(50.0, y as f64 + 0.5));
        let style = ("sans-serif", 14).into_font().color(&BLACK);
        left.draw_text(&row.about, &style, (16, middle - 8))
            .map_err(|error| error.to_string())?;
        left.draw_text(&row.workload, &style, (214, middle - 8))
            .map_err(|error| error.to_string())?;
        if row.split.is_none() {
            let (x, _) = chart.backend_coord(&(row.headers.instructions as f64, 0.0));
            left.draw_text("split(',') answers wrongly", &style, (x + 8, middle - 8))
                .map_err(|error| error.to_string())?;
        }
    }
    chart
        .configure_series_labels()
        .position(SeriesLabelPosition::UpperRight)
        .background_style(WHITE)
        .border_style(BLACK.mix(0.3))
        .label_font(("sans-serif", 13))
        .draw()
        .map_err(|error| error.to_string())?;
    Ok(())
}
