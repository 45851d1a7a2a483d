package dev.usher.benchmarks.speed;

import java.awt.BasicStroke;
import java.awt.Color;
import java.awt.Graphics2D;
import java.awt.RenderingHints;
import java.awt.geom.Rectangle2D;
import java.awt.image.BufferedImage;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import javax.imageio.ImageIO;
import org.jfree.chart.ChartFactory;
import org.jfree.chart.JFreeChart;
import org.jfree.chart.axis.LogAxis;
import org.jfree.chart.axis.NumberAxis;
import org.jfree.chart.axis.ValueAxis;
import org.jfree.chart.plot.XYPlot;
import org.jfree.chart.renderer.xy.XYLineAndShapeRenderer;
import org.jfree.data.xy.XYSeries;
import org.jfree.data.xy.XYSeriesCollection;

/** Draws what was found as PNG files. */
final class Charts {

  private static final int WIDTH = 480;
  private static final int HEIGHT = 340;

  private Charts() {}

  /** Writes a file for each name that charts have, with its charts side by side. */
  static void draw(Map<Report.Chart, Map<String, Map<Double, Double>>> curves, Path folder)
      throws IOException {
    Map<String, List<JFreeChart>> byFile = new LinkedHashMap<>();
    curves.forEach(
        (chart, lines) ->
            byFile.computeIfAbsent(chart.file(), _ -> new ArrayList<>()).add(drawn(chart, lines)));
    Files.createDirectories(folder);
    for (Map.Entry<String, List<JFreeChart>> each : byFile.entrySet()) {
      ImageIO.write(
          sideBySide(each.getValue()), "png", folder.resolve(each.getKey() + ".png").toFile());
    }
  }

  private static BufferedImage sideBySide(List<JFreeChart> charts) {
    BufferedImage image =
        new BufferedImage(WIDTH * charts.size(), HEIGHT, BufferedImage.TYPE_INT_RGB);
    Graphics2D graphics = image.createGraphics();
    graphics.setRenderingHint(RenderingHints.KEY_ANTIALIASING, RenderingHints.VALUE_ANTIALIAS_ON);
    for (int i = 0; i < charts.size(); i++) {
      charts.get(i).draw(graphics, new Rectangle2D.Double(i * (double) WIDTH, 0, WIDTH, HEIGHT));
    }
    graphics.dispose();
    return image;
  }

  private static JFreeChart drawn(Report.Chart chart, Map<String, Map<Double, Double>> lines) {
    XYSeriesCollection all = new XYSeriesCollection();
    lines.forEach(
        (name, points) -> {
          XYSeries series = new XYSeries(name);
          points.forEach(series::add);
          all.addSeries(series);
        });
    JFreeChart drawn =
        ChartFactory.createXYLineChart(chart.title(), chart.across(), chart.up(), all);
    XYPlot plot = drawn.getXYPlot();
    plot.setBackgroundPaint(Color.WHITE);
    plot.setRangeGridlinePaint(Color.LIGHT_GRAY);
    plot.setDomainAxis(
        axis(chart.across(), all.getDomainLowerBound(false), all.getDomainUpperBound(false)));
    plot.setRangeAxis(
        axis(chart.up(), all.getRangeLowerBound(false), all.getRangeUpperBound(false)));
    XYLineAndShapeRenderer renderer = new XYLineAndShapeRenderer(true, true);
    for (int i = 0; i < all.getSeriesCount(); i++) {
      renderer.setSeriesStroke(i, new BasicStroke(2));
    }
    plot.setRenderer(renderer);
    return drawn;
  }

  /** Logarithmic where what it shows goes over more than two powers of ten. */
  private static ValueAxis axis(String label, double least, double most) {
    if (least > 0 && most / least > 100) {
      LogAxis axis = new LogAxis(label);
      axis.setNumberFormatOverride(
          java.text.NumberFormat.getIntegerInstance(java.util.Locale.ROOT));
      return axis;
    }
    return new NumberAxis(label);
  }
}
